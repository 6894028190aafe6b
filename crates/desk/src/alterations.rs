//! What is done to a picture before it is stored, so that nobody can be recognised who did not agree.

use std::ops::Range;

use image::{DynamicImage, GenericImageView as _, Rgb, RgbImage};
use serde::Deserialize;
use ts_rs::TS;

use crate::refusal::{Code, Refusal};

/// The side of a picture, in the units of an [`Area`].
const WHOLE: u32 = 10_000;
/// The most parts of one picture that are covered.
const MOST_COVERED: usize = 50;

/// A part of a picture as it is seen, upright: where it begins and how large it is, in ten-thousandths of
/// the picture's width and height.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct Area {
    /// From the left.
    pub left: u32,
    /// From the top.
    pub top: u32,
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
}

/// What is done to a picture before anything of it is stored, so that nobody can be recognised who did not agree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alterations {
    /// The part that is kept; all of it if none.
    pub(crate) keep: Option<Area>,
    /// The parts that are covered.
    pub(crate) cover: Vec<Area>,
}

impl Alterations {
    /// Whether they can be made of any picture.
    ///
    /// # Errors
    /// `invalid`, with the part's place in the request.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.keep.is_some_and(|area| !area.lies_inside()) {
            return Err(Refusal::of_field("keep", Code::Invalid));
        }
        if self.cover.len() > MOST_COVERED {
            return Err(Refusal::of_field("cover", Code::Invalid));
        }
        match self.cover.iter().position(|area| !area.lies_inside()) {
            Some(at) => Err(Refusal::of_field(&format!("cover.{at}"), Code::Invalid)),
            None => Ok(()),
        }
    }

    /// Makes them, once they have been checked.
    ///
    /// # Errors
    /// `invalid` when nothing would be left.
    pub(crate) fn made_of(&self, mut picture: RgbImage) -> Result<DynamicImage, Refusal> {
        for area in &self.cover {
            cover(&mut picture, *area);
        }
        let Some(area) = self.keep else {
            return Ok(picture.into());
        };
        let [columns, rows] = area.whole(picture.width(), picture.height());
        if columns.is_empty() || rows.is_empty() {
            return Err(Refusal::of_field("keep", Code::Invalid));
        }
        let (width, height) = (columns.end - columns.start, rows.end - rows.start);
        let kept = picture.view(columns.start, rows.start, width, height);
        Ok(kept.to_image().into())
    }
}

impl Area {
    fn lies_inside(self) -> bool {
        let fits = |from: u32, size: u32| {
            size > 0 && from.checked_add(size).is_some_and(|end| end <= WHOLE)
        };
        fits(self.left, self.width) && fits(self.top, self.height)
    }

    /// The pixels that lie in it even by a part: columns, then rows.
    fn touched(self, width: u32, height: u32) -> [Range<u32>; 2] {
        self.pixels(width, height, [u64::div_euclid, u64::div_ceil])
    }

    /// The pixels that lie in it whole.
    fn whole(self, width: u32, height: u32) -> [Range<u32>; 2] {
        self.pixels(width, height, [u64::div_ceil, u64::div_euclid])
    }

    fn pixels(self, width: u32, height: u32, round: [fn(u64, u64) -> u64; 2]) -> [Range<u32>; 2] {
        let [first, end] = round;
        let part = |of: u32, side: u32, round: fn(u64, u64) -> u64| {
            let pixels = round(u64::from(of) * u64::from(side), u64::from(WHOLE));
            u32::try_from(pixels).unwrap_or(side).min(side)
        };
        let along =
            |from: u32, size: u32, side: u32| part(from, side, first)..part(from + size, side, end);
        [
            along(self.left, self.width, width),
            along(self.top, self.height, height),
        ]
    }
}

/// Gives a part of a picture one colour, its mean. Not blurred and not in blocks: who is behind those can be
/// recognised by machine (McPherson, Shokri and Shmatikov, "Defeating Image Obfuscation with Deep Learning", 2016).
fn cover(image: &mut RgbImage, area: Area) {
    let [columns, rows] = area.touched(image.width(), image.height());
    let (width, height) = (columns.end - columns.start, rows.end - rows.start);
    let mut sums = [0_u64; 3];
    for (_, _, pixel) in image
        .view(columns.start, rows.start, width, height)
        .pixels()
    {
        for (sum, colour) in sums.iter_mut().zip(pixel.0) {
            *sum += u64::from(colour);
        }
    }
    let count = (u64::from(width) * u64::from(height)).max(1);
    let mean = Rgb(sums.map(|sum| u8::try_from(sum / count).unwrap_or(u8::MAX)));
    for row in rows {
        for column in columns.clone() {
            image.put_pixel(column, row, mean);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const fn area(left: u32, top: u32, width: u32, height: u32) -> Area {
        Area {
            left,
            top,
            width,
            height,
        }
    }

    /// Not one colour anywhere, so that any pixel that is left can be told.
    fn patterned(side: u32) -> RgbImage {
        RgbImage::from_fn(side, side, |x, y| Rgb([(x * 7) as u8, (y * 5) as u8, 9]))
    }

    #[test]
    fn what_is_covered_has_one_colour_and_what_is_beside_it_is_as_it_was() {
        let alterations = Alterations {
            keep: None,
            cover: vec![area(2_050, 4_000, 1_990, 3_000)],
        };
        let plain = patterned(100);
        let covered = alterations.made_of(plain.clone()).unwrap().to_rgb8();
        let inside = |x: u32, y: u32| (20..41).contains(&x) && (40..70).contains(&y);
        let patch = *covered.get_pixel(20, 40);
        for (x, y, pixel) in covered.enumerate_pixels() {
            let expected = if inside(x, y) {
                patch
            } else {
                *plain.get_pixel(x, y)
            };
            assert_eq!(*pixel, expected, "at {x}, {y}");
        }
    }

    #[test]
    fn alterations_that_no_picture_has_are_refused() {
        let field = |keep: Option<Area>, cover: Vec<Area>| {
            Alterations { keep, cover }
                .check()
                .err()
                .and_then(|refusal| refusal.field)
        };
        let whole = area(0, 0, WHOLE, WHOLE);
        assert_eq!(field(Some(whole), vec![whole; MOST_COVERED]), None);
        for odd in [
            area(0, 0, 0, 1),
            area(0, 0, 1, 0),
            area(1, 0, WHOLE, 1),
            area(0, 1, 1, WHOLE),
            area(u32::MAX, 0, 1, 1),
            area(0, u32::MAX, 1, u32::MAX),
        ] {
            assert_eq!(
                field(Some(odd), Vec::new()).as_deref(),
                Some("keep"),
                "{odd:?}"
            );
            assert_eq!(
                field(None, vec![whole, odd]).as_deref(),
                Some("cover.1"),
                "{odd:?}"
            );
        }
        assert_eq!(
            field(None, vec![whole; MOST_COVERED + 1]).as_deref(),
            Some("cover")
        );
        let sliver = Alterations {
            keep: Some(area(1, 0, 1, WHOLE)),
            cover: vec![area(0, 0, 1, 1)],
        };
        let refused = sliver.made_of(patterned(64)).err().unwrap();
        assert_eq!(
            (refused.code, refused.field.as_deref()),
            (Code::Invalid, Some("keep"))
        );
        let [columns, rows] = area(5_000, 0, 5_000, WHOLE).touched(63_000_000, 1);
        assert_eq!((columns, rows), (31_500_000..63_000_000, 0..1));
    }
}
