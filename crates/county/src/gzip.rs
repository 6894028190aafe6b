//! Answers that travel compressed (RFC 1952), to devices that say that they take it.

use std::io::{BufWriter, Error, IntoInnerError};

use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

/// Whether whoever asks takes an answer in gzip.
pub(crate) fn is_taken(headers: &HeaderMap) -> bool {
    let named = headers.get_all(ACCEPT_ENCODING).iter();
    let mut codings = named
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings.any(|coding| {
        let mut words = coding.split(';').map(str::trim);
        let is_gzip = words
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        // A weight of nothing says no.
        is_gzip && !words.any(|weight| weight.trim_start_matches("q=").parse() == Ok(0.0))
    })
}

/// JSON, compressed. As fast as it goes: a page's names and versions repeat so much that more work
/// makes it little smaller.
pub(crate) fn json<T: Serialize>(answer: &T) -> Response {
    // Whatever is written is packed at once, and each time that clears a buffer: so not word by word.
    let mut packed = BufWriter::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let written = serde_json::to_writer(&mut packed, answer).map_err(Error::from);
    let packed = written.and_then(|()| packed.into_inner().map_err(IntoInnerError::into_error));
    match packed.and_then(GzEncoder::finish) {
        Ok(bytes) => (
            [
                (CONTENT_TYPE, "application/json"),
                (CONTENT_ENCODING, "gzip"),
            ],
            bytes,
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn who_takes_gzip_says_so() {
        let says = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(text));
            is_taken(&headers)
        };
        assert!(!is_taken(&HeaderMap::new()));
        for yes in [
            "gzip",
            "br, gzip",
            "GZIP;q=0.5",
            "deflate, gzip;q=1.0, *;q=0",
        ] {
            assert!(says(yes), "{yes}");
        }
        for no in ["", "br", "gzip;q=0", "x-gzip-not", "gzip;q=0.0"] {
            assert!(!says(no), "{no}");
        }
    }
}
