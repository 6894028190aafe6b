//! The PDF: tagged, in the order in which it is read, with the language of each part; checked
//! against PDF/UA-1 as it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU16;
use std::ops::Range;

use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{Metadata, TextDirection};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagKind, TagTree,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use crate::PrintError;
use crate::face::{Face, Faces, NOTHING};
use crate::line::Line;
use crate::page::{HEIGHT, MARGIN, Mark, Pages, Place, WIDTH};
use crate::paper::{Block, Row};
use crate::shape::{Glyph, Piece, as_read, is_rtl};

/// How thick rules are, in points.
const RULE: f32 = 0.6;

/// What was drawn for each part of the paper, in the order in which it is read.
type Drawn = BTreeMap<Place, Vec<Identifier>>;

impl Pages {
    /// The PDF's bytes: the same for the same paper.
    ///
    /// # Errors
    /// [`PrintError`].
    pub fn pdf(&self) -> Result<Vec<u8>, PrintError> {
        self.write(true)
    }

    fn write(&self, compressed: bool) -> Result<Vec<u8>, PrintError> {
        let fonts = Face::ALL
            .into_iter()
            .map(|face| Some((face, Font::new(face.file().into(), 0)?)))
            .collect::<Option<BTreeMap<Face, Font>>>()
            .ok_or(PrintError::Font)?;
        let configuration = ConfigurationBuilder::new()
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|_| PrintError::Pdf)?;
        let mut document = Document::new_with(SerializeSettings {
            configuration,
            compress_content_streams: compressed,
            ..SerializeSettings::default()
        });
        let mut drawn = Drawn::new();
        for (index, page) in self.pages.iter().enumerate() {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(PrintError::Pdf)?;
            let mut sheet = document.start_page_with(settings);
            let mut surface = sheet.surface();
            if index == 0 {
                self.hush(&mut surface, &fonts);
            }
            for rule in &page.rules {
                draw_rule(&mut surface, *rule);
            }
            for mark in &page.marks {
                let part = surface.start_tagged(self.tag(mark.place));
                draw(&mut surface, &fonts, &self.faces, mark);
                surface.end_tagged();
                if mark.place != Place::Foot {
                    drawn.entry(mark.place).or_default().push(part);
                }
            }
            surface.finish();
            sheet.finish();
        }
        let direction = if is_rtl(&self.paper.language) {
            TextDirection::RightToLeft
        } else {
            TextDirection::LeftToRight
        };
        document.set_metadata(
            Metadata::new()
                .title(self.paper.title.clone())
                .language(self.paper.language.clone())
                .text_direction(direction)
                .creator("Porch".to_owned()),
        );
        document.set_outline(self.outline());
        document.set_tag_tree(self.tree(&drawn));
        document.finish().map_err(|_| PrintError::Pdf)
    }

    /// How a line is marked where it is drawn.
    fn tag(&self, place: Place) -> ContentTag<'_> {
        if place == Place::Foot {
            return ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer));
        }
        ContentTag::Span(SpanTag::empty().with_lang(Some(self.language(place))))
    }

    fn language(&self, place: Place) -> &str {
        match place {
            Place::Block(block, _) => match self.paper.blocks.get(block) {
                Some(Block::Quote { language, .. }) => language,
                _ => &self.paper.language,
            },
            _ => &self.paper.language,
        }
    }

    /// The tree that readers follow.
    fn tree(&self, drawn: &Drawn) -> TagTree {
        let leaves = |place: Place| -> Vec<Node> {
            drawn
                .get(&place)
                .into_iter()
                .flatten()
                .map(|part| Node::from(*part))
                .collect()
        };
        // What runs from right to left is given to readers once more, in the order in which it is read.
        let group = |tag: TagKind, text: &str, children| {
            let tag = tag.with_actual_text(as_read(text));
            Node::Group(TagGroup::with_children(tag, children))
        };
        let heading = |level: NonZeroU16, title: &str, place| {
            let tag = Tag::Hn(level, Some(title.to_owned()));
            group(tag.into(), title, leaves(place))
        };
        let paragraph = |text: &str, place| group(Tag::P.into(), text, leaves(place));
        let whole = |tag: TagKind, children| Node::Group(TagGroup::with_children(tag, children));
        let second = NonZeroU16::MIN.saturating_add(1);
        let mut tree = TagTree::new().with_lang(Some(self.paper.language.clone()));
        tree.push(heading(NonZeroU16::MIN, &self.paper.title, Place::Title));
        for (number, block) in self.paper.blocks.iter().enumerate() {
            match block {
                Block::Heading(text) => tree.push(heading(second, text, Place::Block(number, 0))),
                Block::Text(text) => tree.push(paragraph(text, Place::Block(number, 0))),
                Block::Quote {
                    language,
                    paragraphs,
                } => {
                    let paragraphs = paragraphs.iter().enumerate();
                    let paragraphs = paragraphs
                        .map(|(at, text)| paragraph(text, Place::Block(number, at)))
                        .collect();
                    let quote = Tag::BlockQuote.with_lang(Some(language.clone()));
                    tree.push(whole(quote.into(), paragraphs));
                }
                Block::Rows(rows) => {
                    let rows = rows.iter().enumerate().map(|(row, Row { label, text })| {
                        let head = Tag::TH(TableHeaderScope::Row).into();
                        let head = group(head, label, leaves(Place::Label(number, row)));
                        let cell = Tag::TD.into();
                        let cell = group(cell, text, leaves(Place::Cell(number, row)));
                        whole(Tag::TR.into(), vec![head, cell])
                    });
                    tree.push(whole(Tag::Table.into(), rows.collect()));
                }
            }
        }
        tree
    }

    /// Says of the glyphs that only complete a letter (its dots, its marks) that they are no letter
    /// themselves, for readers that look no further than the glyphs. The first word on a glyph
    /// counts, so it is said beyond the edge of the first page before anything is drawn.
    fn hush(&self, surface: &mut Surface<'_>, fonts: &BTreeMap<Face, Font>) {
        let mut quiet: BTreeMap<Face, BTreeSet<u32>> = BTreeMap::new();
        let marks = self.pages.iter().flat_map(|page| &page.marks);
        for (_, piece) in marks.flat_map(|mark| &mark.line.pieces) {
            if let Some(nothing) = edge(&self.faces, piece) {
                let glyphs = quiet.entry(piece.face).or_default();
                glyphs.insert(nothing);
                let parts = piece.glyphs.iter().filter(|glyph| glyph.advance == 0.0);
                glyphs.extend(parts.map(|glyph| glyph.id));
            }
        }
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
            ArtifactType::Other,
        )));
        for (face, glyphs) in quiet {
            let Some(font) = fonts.get(&face) else {
                continue;
            };
            let text = NOTHING.to_string();
            for id in glyphs {
                let glyph = [set(id, 0.0, 0.0, 0.0, 0..text.len())];
                let place = Point::from_xy(-HEIGHT, -HEIGHT);
                surface.draw_glyphs(place, &glyph, font.clone(), &text, 1.0, false);
            }
        }
        surface.end_tagged();
    }

    /// The headings, for jumping to them.
    fn outline(&self) -> Outline {
        let mut outline = Outline::new();
        let mut known = None;
        for (index, page) in self.pages.iter().enumerate() {
            for mark in &page.marks {
                let text = match mark.place {
                    Place::Title => &self.paper.title,
                    Place::Block(block, _) => match self.paper.blocks.get(block) {
                        Some(Block::Heading(text)) => text,
                        _ => continue,
                    },
                    _ => continue,
                };
                // A heading of two lines is one entry.
                if known != Some(mark.place) {
                    known = Some(mark.place);
                    let place = XyzDestination::new(index, Point::from_xy(MARGIN, mark.top));
                    outline.push_child(OutlineNode::new(text.clone(), place));
                }
            }
        }
        outline
    }
}

fn draw_rule(surface: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    if let Some(rule) = Rect::from_xywh(MARGIN, y, WIDTH - 2.0 * MARGIN, RULE) {
        path.push_rect(rule);
    }
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
        ArtifactType::Layout,
    )));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    surface.end_tagged();
}

fn draw(surface: &mut Surface<'_>, fonts: &BTreeMap<Face, Font>, faces: &Faces, mark: &Mark) {
    let Mark { line, x, top, .. } = mark;
    let Line { size, ascent, .. } = line;
    for (place, piece) in &line.pieces {
        let Some(font) = fonts.get(&piece.face) else {
            continue;
        };
        let glyphs = match edge(faces, piece) {
            Some(nothing) => letter_by_letter(piece, nothing),
            None => piece.glyphs.iter().map(as_shaped).collect(),
        };
        let start = Point::from_xy(x + place, top + ascent);
        surface.draw_glyphs(start, &glyphs, font.clone(), &piece.text, *size, false);
    }
}

/// For a piece that runs from right to left: the glyph that shows nothing.
fn edge(faces: &Faces, piece: &Piece) -> Option<u32> {
    let is_word = piece.level.is_rtl() && !piece.is_space;
    is_word.then(|| faces.loaded(piece.face).nothing())?
}

fn as_shaped(glyph: &Glyph) -> KrillaGlyph {
    set(
        glyph.id,
        glyph.advance,
        glyph.x,
        glyph.y,
        glyph.text.clone(),
    )
}

fn set(id: u32, advance: f32, x: f32, y: f32, text: Range<usize>) -> KrillaGlyph {
    KrillaGlyph::new(GlyphId::new(id), advance, x, y, 0.0, text, None)
}

/// A piece from right to left as a page holds such text: letter by letter from the left, so that the
/// last comes first. Readers take where a letter's first and last glyphs stand for the letter's place,
/// but dots stand anywhere and Nastaliq slopes: so each letter lies between two glyphs that show
/// nothing, at its edges and on the line. Letters that share their glyphs share the room.
fn letter_by_letter(piece: &Piece, nothing: u32) -> Vec<KrillaGlyph> {
    let mut glyphs = Vec::with_capacity(piece.glyphs.len() * 3);
    for shared in piece.glyphs.chunk_by(|one, next| one.text == next.text) {
        let Some(first) = shared.first() else {
            continue;
        };
        let letters: Vec<Range<usize>> = piece
            .text
            .get(first.text.clone())
            .unwrap_or_default()
            .char_indices()
            .map(|(at, letter)| {
                let start = first.text.start + at;
                start..start + letter.len_utf8()
            })
            .collect();
        let width: f32 = shared.iter().map(|glyph| glyph.advance).sum();
        #[expect(clippy::cast_precision_loss, reason = "a few letters")]
        let room = width / letters.len().max(1) as f32;
        for (at, letter) in letters.into_iter().rev().enumerate() {
            if at == 0 {
                glyphs.push(set(nothing, 0.0, 0.0, 0.0, letter.clone()));
                glyphs.extend(
                    shared.iter().map(|glyph| {
                        set(glyph.id, glyph.advance, glyph.x, glyph.y, letter.clone())
                    }),
                );
                let back = room - width;
                glyphs.push(set(nothing, back, back, 0.0, letter));
            } else {
                glyphs.push(set(nothing, room, 0.0, 0.0, letter.clone()));
                glyphs.push(set(nothing, 0.0, 0.0, 0.0, letter));
            }
        }
    }
    glyphs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::paper::{Paper, Row, TextSize};

    fn paper(language: &str, text: &str) -> Paper {
        Paper {
            title: "Title".into(),
            language: language.into(),
            foot: "K4T7-9QZX".into(),
            blocks: vec![
                Block::Heading("Heading".into()),
                Block::Text(text.into()),
                Block::Rows(vec![Row::new("Label", "Cell")]),
                Block::Quote {
                    language: "ar".into(),
                    paragraphs: vec!["يمكنك".into()],
                },
            ],
        }
    }

    fn plain(paper: Paper) -> String {
        let pages = paper.lay_out(TextSize::Normal).unwrap();
        String::from_utf8_lossy(&pages.write(false).unwrap()).into_owned()
    }

    #[test]
    fn it_is_tagged_in_the_order_in_which_it_is_read() {
        let pdf = plain(paper("en", "Text"));
        for part in [
            "/StructTreeRoot",
            "/MarkInfo",
            "/Marked true",
            "/Lang(en)",
            "/Lang(ar)",
            "/DisplayDocTitle true",
            "/ToUnicode",
            "/Outlines",
            "pdfuaid:part",
            "/Scope/Row",
            "/Artifact",
        ] {
            assert!(pdf.contains(part), "{part}");
        }
        let tags = [
            "/S/H1",
            "/S/H2",
            "/S/P/",
            "/S/Table",
            "/S/TR",
            "/S/TH/",
            "/S/TD",
            "/S/BlockQuote",
        ];
        for tag in tags {
            assert!(pdf.contains(tag), "{tag}");
        }
    }

    #[test]
    fn a_paper_in_urdu_reads_from_right_to_left() {
        let pdf = plain(paper("ur", "آپ کی مرضی"));
        assert!(pdf.contains("/Lang(ur)") && pdf.contains("/Direction/R2L"));
        assert!(pdf.contains("NotoNastaliqUrdu"));
        let read: String = "آپ کی مرضی"
            .encode_utf16()
            .map(|unit| format!("{unit:04X}"))
            .collect();
        assert!(
            pdf.contains(&format!("/ActualText<FEFF{read}>")),
            "a paragraph says what it says in the order in which it is read"
        );
    }

    #[test]
    fn the_same_paper_is_the_same_file() {
        let bytes = || {
            let pages = paper("en", "Text").lay_out(TextSize::Large).unwrap();
            pages.pdf().unwrap()
        };
        let pdf = bytes();
        assert_eq!(pdf, bytes());
        assert!(pdf.starts_with(b"%PDF-1.7"));
    }

    /// A name may be written in any script, and what arrives from elsewhere may be anything at all.
    const ODD: &[&str] = &[
        "",
        " ",
        "李明 🎈❤\u{FE0F}",
        "a\tb\u{A0}c\u{AD}d\u{FEFF}e\u{0}f",
        "\u{301}\u{64E}\u{200D}",
        "\u{E000}\u{10FFFF}\u{FFFD}",
        "नमस्ते สวัสดี שלום",
        "\u{202E}abc\u{2069}\u{2029}d",
        "می\u{200C}خواهم",
    ];

    #[test]
    fn whatever_is_written_makes_a_page() {
        for text in ODD {
            for language in ["en", "ur", "ar"] {
                let pages = paper(language, text).lay_out(TextSize::Large).unwrap();
                assert!(pages.pdf().is_ok(), "{language}: {text:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_makes_a_page(text in any::<String>(), language in "en|ur|ar|") {
            let pages = paper(&language, &text).lay_out(TextSize::Normal).unwrap();
            prop_assert!(pages.pdf().is_ok());
        }
    }
}
