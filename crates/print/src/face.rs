//! The typefaces, and which of them has a letter.

use harfrust::ShaperData;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use crate::PrintError;

/// The space without width: a letter that shows nothing.
pub(crate) const NOTHING: char = '\u{200B}';

/// A typeface in one weight. In the order in which they are asked for a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Face {
    Latin,
    LatinBold,
    Urdu,
    Arabic,
    ArabicBold,
    /// Cyrillic, Greek, and letters that the others lack.
    Rest,
}

impl Face {
    pub(crate) const ALL: [Self; 6] = [
        Self::Latin,
        Self::LatinBold,
        Self::Urdu,
        Self::Arabic,
        Self::ArabicBold,
        Self::Rest,
    ];

    /// The font file.
    pub(crate) const fn file(self) -> &'static [u8] {
        match self {
            Self::Latin => include_bytes!("../fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
            Self::LatinBold => include_bytes!("../fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
            Self::Urdu => include_bytes!("../fonts/NotoNastaliqUrdu-Regular.ttf"),
            Self::Arabic => include_bytes!("../fonts/NotoNaskhArabic-Regular.ttf"),
            Self::ArabicBold => include_bytes!("../fonts/NotoNaskhArabic-Bold.ttf"),
            Self::Rest => include_bytes!("../fonts/NotoSans-Regular.ttf"),
        }
    }

    /// Those that may set a text, best first. Urdu is read in Nastaliq, every other language of
    /// the Arabic script in Naskh.
    const fn of(is_urdu: bool, bold: bool) -> &'static [Self] {
        match (is_urdu, bold) {
            (true, false) => &[Self::Latin, Self::Urdu, Self::Arabic, Self::Rest],
            (true, true) => &[Self::LatinBold, Self::Urdu, Self::ArabicBold, Self::Rest],
            (false, false) => &[Self::Latin, Self::Arabic, Self::Rest],
            (false, true) => &[Self::LatinBold, Self::ArabicBold, Self::Rest],
        }
    }
}

/// A typeface ready to measure and to shape.
pub(crate) struct Loaded {
    pub(crate) font: FontRef<'static>,
    pub(crate) shaper: ShaperData,
    /// All in parts of the type size.
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
    pub(crate) units: f32,
}

/// All typefaces, read once for a paper.
pub(crate) struct Faces {
    latin: Loaded,
    latin_bold: Loaded,
    urdu: Loaded,
    arabic: Loaded,
    arabic_bold: Loaded,
    rest: Loaded,
}

/// How a text is to look, and in which language it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style<'a> {
    /// A BCP 47 tag.
    pub(crate) language: &'a str,
    pub(crate) bold: bool,
    /// In points.
    pub(crate) size: f32,
}

impl Style<'_> {
    pub(crate) fn primary(&self) -> &str {
        self.language.split('-').next().unwrap_or_default()
    }
}

impl Loaded {
    fn read(face: Face) -> Result<Self, PrintError> {
        let font = FontRef::new(face.file()).map_err(|_| PrintError::Font)?;
        let metrics = font.metrics(Size::new(1.0), LocationRef::default());
        Ok(Self {
            shaper: ShaperData::new(&font),
            ascent: metrics.ascent,
            descent: -metrics.descent,
            units: f32::from(metrics.units_per_em),
            font,
        })
    }

    pub(crate) fn has(&self, letter: char) -> bool {
        self.font.charmap().map(letter).is_some()
    }

    /// A glyph that shows nothing and takes no room: that of [`NOTHING`].
    pub(crate) fn nothing(&self) -> Option<u32> {
        self.font
            .charmap()
            .map(NOTHING)
            .map(skrifa::GlyphId::to_u32)
    }
}

impl Faces {
    pub(crate) fn read() -> Result<Self, PrintError> {
        Ok(Self {
            latin: Loaded::read(Face::Latin)?,
            latin_bold: Loaded::read(Face::LatinBold)?,
            urdu: Loaded::read(Face::Urdu)?,
            arabic: Loaded::read(Face::Arabic)?,
            arabic_bold: Loaded::read(Face::ArabicBold)?,
            rest: Loaded::read(Face::Rest)?,
        })
    }

    pub(crate) const fn loaded(&self, face: Face) -> &Loaded {
        match face {
            Face::Latin => &self.latin,
            Face::LatinBold => &self.latin_bold,
            Face::Urdu => &self.urdu,
            Face::Arabic => &self.arabic,
            Face::ArabicBold => &self.arabic_bold,
            Face::Rest => &self.rest,
        }
    }

    /// The face for a letter, after the face of the letter before it. What belongs to no script
    /// (spaces, marks) stays in the face that it follows, but for digits, which look the same wherever
    /// they stand. `None` when no face has it.
    pub(crate) fn face(
        &self,
        letter: char,
        before: Option<Face>,
        style: Style<'_>,
    ) -> Option<Face> {
        let is_free = !letter.is_alphabetic() && !letter.is_ascii_digit();
        let stays = before.filter(|face| is_free && self.loaded(*face).has(letter));
        let first = || {
            Face::of(style.primary() == "ur", style.bold)
                .iter()
                .copied()
                .find(|face| self.loaded(*face).has(letter))
        };
        stays.or_else(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_face() {
        let faces = Faces::read().unwrap();
        let style = |language| Style {
            language,
            bold: false,
            size: 11.0,
        };
        for (letter, language, face) in [
            ('a', "en", Face::Latin),
            ('ł', "pl", Face::Latin),
            ('ț', "ro", Face::Latin),
            ('ї', "uk", Face::Rest),
            ('ب', "ar", Face::Arabic),
            ('ب', "en", Face::Arabic),
            ('ے', "ur", Face::Urdu),
            ('ے', "ur-PK", Face::Urdu),
        ] {
            assert_eq!(
                faces.face(letter, None, style(language)),
                Some(face),
                "{letter} in {language}"
            );
        }
        for face in [Face::Urdu, Face::Arabic, Face::ArabicBold] {
            assert!(faces.loaded(face).nothing().is_some(), "{face:?}");
        }
        assert_eq!(faces.face('李', None, style("en")), None);
        assert_eq!(
            faces.face('،', Some(Face::Urdu), style("en")),
            Some(Face::Urdu),
            "a comma stays with the word before it"
        );
        assert_eq!(
            faces.face('3', Some(Face::Arabic), style("ar")),
            Some(Face::Latin)
        );
    }
}
