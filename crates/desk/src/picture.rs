//! From a file's bytes to a picture that may be stored.
//!
//! The picture is decoded, turned upright, altered as whoever adds it asks, scaled down and encoded
//! again, so that no EXIF, GPS, XMP or thumbnail of the file survives, and nothing of what was cut away
//! or covered. All of it happens in memory.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::error::ImageError;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, RgbImage};

use crate::alterations::Alterations;
use crate::refusal::{Code, Refusal};

/// The media type of what is stored.
pub(crate) const MEDIA_TYPE: &str = "image/jpeg";

/// The largest file, in bytes.
pub(crate) const MAX_FILE_BYTES: usize = 25 * 1024 * 1024;
/// The most pixels: what the largest telephone cameras give by default.
const MAX_PIXELS: u64 = 64_000_000;
/// The most memory that a decoder may ask for, in bytes.
const MAX_DECODED_BYTES: u64 = 512 * 1024 * 1024;
/// The longer side of what is stored, in pixels.
const LONG_SIDE: u32 = 2048;
/// The longer side of the thumbnail, in pixels.
const THUMBNAIL_SIDE: u32 = 320;
const QUALITY: u8 = 85;

/// A picture and its thumbnail, ready to be stored.
pub(crate) struct Prepared {
    pub(crate) picture: Jpeg,
    pub(crate) thumbnail: Jpeg,
}

/// An encoded picture.
pub(crate) struct Jpeg {
    pub(crate) bytes: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Makes of a JPEG, PNG or WebP file what is stored. The alterations have been checked.
///
/// # Errors
/// `not_a_picture` for anything else; `picture_too_large`; `invalid` when nothing would be left of it.
pub(crate) fn prepare(file: &[u8], alterations: &Alterations) -> Result<Prepared, Refusal> {
    let mut upright = alterations.made_of(decode(file)?)?;
    if upright.width().max(upright.height()) > LONG_SIDE {
        upright = upright.resize(LONG_SIDE, LONG_SIDE, FilterType::Lanczos3);
    }
    let thumbnail = if upright.width().max(upright.height()) > THUMBNAIL_SIDE {
        encode(&upright.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE))?
    } else {
        encode(&upright)?
    };
    Ok(Prepared {
        picture: encode(&upright)?,
        thumbnail,
    })
}

fn decode(file: &[u8]) -> Result<RgbImage, Refusal> {
    if file.len() > MAX_FILE_BYTES {
        return Err(Code::PictureTooLarge.into());
    }
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|_| Code::NotAPicture)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Code::PictureTooLarge.into());
    }
    // A file whose note on its orientation cannot be read is shown as it lies.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    image.apply_orientation(orientation);
    Ok(on_white(image))
}

fn refused(error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Code::PictureTooLarge.into(),
        _ => Code::NotAPicture.into(),
    }
}

/// Lays a picture on white: JPEG has no transparency, and what lies under a fully transparent
/// part was not meant to be seen.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let mut flat = RgbImage::new(image.width(), image.height());
    for (to, from) in flat.pixels_mut().zip(image.to_rgba8().pixels()) {
        let [red, green, blue, alpha] = from.0;
        to.0 = [red, green, blue].map(|colour| over_white(colour, alpha));
    }
    flat
}

fn over_white(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u16::from(colour), u16::from(alpha));
    u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}

fn encode(image: &DynamicImage) -> Result<Jpeg, Refusal> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(image)
        .map_err(|_| Code::Internal)?;
    Ok(Jpeg {
        bytes,
        width: image.width(),
        height: image.height(),
    })
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgba, RgbaImage};

    use super::*;
    use crate::alterations::tests::area;

    /// Red on the left, blue on the right.
    fn halves(width: u32, height: u32) -> RgbaImage {
        RgbaImage::from_fn(width, height, |x, _| {
            if x < width / 2 {
                Rgba([255, 0, 0, 255])
            } else {
                Rgba([0, 0, 255, 255])
            }
        })
    }

    fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        file(
            &DynamicImage::ImageRgba8(halves(width, height))
                .to_rgb8()
                .into(),
            ImageFormat::Jpeg,
        )
    }

    /// An EXIF segment that says how the camera was held and where it was.
    fn with_exif(jpeg: &[u8], orientation: u8, canary: &[u8]) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
        exif.extend_from_slice(canary);
        let mut file = jpeg[..2].to_vec();
        file.extend_from_slice(&[0xff, 0xe1]);
        file.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        file.extend_from_slice(&exif);
        file.extend_from_slice(&jpeg[2..]);
        file
    }

    fn prepare(file: &[u8]) -> Result<Prepared, Refusal> {
        super::prepare(file, &Alterations::default())
    }

    fn code(file: &[u8]) -> Code {
        prepare(file).err().unwrap().code
    }

    fn read(jpeg: &Jpeg) -> RgbImage {
        image::load_from_memory(&jpeg.bytes).unwrap().to_rgb8()
    }

    #[test]
    fn what_the_file_says_of_place_and_camera_is_gone_and_the_picture_is_upright() {
        const CANARY: &[u8] = b"GPS 50.7184 N 3.5339 W, Nokia 3310";
        let turned = with_exif(&jpeg(400, 200), 6, CANARY);
        let prepared = prepare(&turned).unwrap();
        assert_eq!(
            (prepared.picture.width, prepared.picture.height),
            (200, 400),
            "turned a quarter"
        );
        let shown = read(&prepared.picture);
        assert!(
            shown.get_pixel(100, 20).0[0] > 200,
            "what was left is on top"
        );
        for stored in [&prepared.picture, &prepared.thumbnail] {
            for trace in [CANARY, b"Exif", b"http"] {
                assert!(
                    !stored
                        .bytes
                        .windows(trace.len())
                        .any(|window| window == trace)
                );
            }
        }
    }

    #[test]
    fn large_pictures_are_scaled_down_and_small_ones_left() {
        let large = prepare(&jpeg(3000, 1500)).unwrap();
        assert_eq!((large.picture.width, large.picture.height), (2048, 1024));
        assert_eq!((large.thumbnail.width, large.thumbnail.height), (320, 160));
        let small = prepare(&jpeg(100, 80)).unwrap();
        assert_eq!(
            (small.picture.width, small.thumbnail.width),
            (100, 100),
            "nothing is blown up"
        );
    }

    #[test]
    fn png_and_webp_are_pictures_too_and_what_is_transparent_is_white() {
        let mut image = halves(64, 64);
        image.put_pixel(0, 0, Rgba([255, 0, 0, 0]));
        for y in 0..16 {
            for x in 0..16 {
                image.put_pixel(x, y, Rgba([1, 2, 3, 0]));
            }
        }
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            let prepared = prepare(&file(&image.clone().into(), format)).unwrap();
            let pixel = *read(&prepared.picture).get_pixel(4, 4);
            assert!(
                pixel.0.iter().all(|colour| *colour > 240),
                "{format:?}: {pixel:?}"
            );
        }
    }

    #[test]
    fn what_is_cut_away_is_in_neither_picture_nor_thumbnail() {
        let left = Alterations {
            keep: Some(area(0, 0, 5_000, 10_000)),
            cover: Vec::new(),
        };
        let prepared = super::prepare(&jpeg(400, 200), &left).unwrap();
        for stored in [&prepared.picture, &prepared.thumbnail] {
            assert_eq!((stored.width, stored.height), (200, 200));
            let blue = read(stored)
                .pixels()
                .filter(|pixel| pixel.0[2] > 128)
                .count();
            assert_eq!(blue, 0, "what was on the right is not there");
        }
        let turned = with_exif(&jpeg(400, 200), 6, b"");
        let top = Alterations {
            keep: Some(area(0, 0, 10_000, 5_000)),
            cover: Vec::new(),
        };
        let stored = super::prepare(&turned, &top).unwrap().picture;
        assert_eq!(
            (stored.width, stored.height),
            (200, 200),
            "as it is seen, upright"
        );
        assert!(read(&stored).pixels().all(|pixel| pixel.0[0] > 128));
    }

    #[test]
    fn anything_else_is_refused_and_nothing_panics() {
        let whole = jpeg(64, 64);
        assert_eq!(code(b""), Code::NotAPicture);
        assert_eq!(
            code(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            Code::NotAPicture
        );
        assert_eq!(code(b"GIF89a\x01\x00\x01\x00"), Code::NotAPicture);
        assert_eq!(code(&vec![0; MAX_FILE_BYTES + 1]), Code::PictureTooLarge);
        for at in 0..whole.len() {
            let mut altered = whole.clone();
            altered[at] ^= 0xff;
            let _ = prepare(&altered);
            let _ = prepare(&whole[..at]);
        }
    }

    #[test]
    fn a_small_file_that_unfolds_into_a_huge_picture_is_refused() {
        let mut png = file(&DynamicImage::new_rgb8(1, 1), ImageFormat::Png);
        // Width and height in the header, and its checksum.
        png[16..24].copy_from_slice(&[0, 0, 0x7f, 0xff, 0, 0, 0x7f, 0xff]);
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(code(&png), Code::PictureTooLarge);
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 {
                    (crc >> 1) ^ 0xedb8_8320
                } else {
                    crc >> 1
                }
            })
        })
    }
}
