//! What the server gives out and knows again: challenges and tokens, each an HMAC-SHA-256 over its
//! text under the store's secret, so that any server process on the store knows them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use porch_sync::DeviceNumber;
use sha2::Sha256;
use zeroize::Zeroize as _;

/// What a text is for. Part of what is authenticated: a challenge is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum For {
    Challenge,
    Token,
    /// Stored instead of an enrolment code.
    Code,
    /// Stored instead of the first characters of a tried code.
    Selector,
    /// The key of the marks of records.
    Digest,
    /// Stands for the id of an erased record, for ever.
    Removal,
}

impl For {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Challenge => b"porch-county:challenge:v1:",
            Self::Token => b"porch-county:token:v1:",
            Self::Code => b"porch-county:code:v1:",
            Self::Selector => b"porch-county:selector:v1:",
            Self::Digest => b"porch-county:digest:v1:",
            Self::Removal => b"porch-county:removal:v1:",
        }
    }
}

fn keyed(secret: &[u8; 32], purpose: For, message: &[u8]) -> Hmac<Sha256> {
    // HMAC fills a shorter key up to the hash's block with zeros (RFC 2104).
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(secret) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    block.zeroize();
    mac.update(purpose.label());
    mac.update(message);
    mac
}

/// The HMAC of a message.
pub(crate) fn digest(secret: &[u8; 32], purpose: For, message: &[u8]) -> [u8; 32] {
    keyed(secret, purpose, message)
        .finalize()
        .into_bytes()
        .into()
}

/// Gives out a text for a device, good until a time.
pub(crate) fn issue(
    secret: &[u8; 32],
    purpose: For,
    device: DeviceNumber,
    until_ms: u64,
    nonce: [u8; 16],
) -> String {
    let mut message = Vec::with_capacity(28);
    message.extend_from_slice(&device.0.to_be_bytes());
    message.extend_from_slice(&until_ms.to_be_bytes());
    message.extend_from_slice(&nonce);
    let mac = digest(secret, purpose, &message);
    message.extend_from_slice(&mac);
    URL_SAFE_NO_PAD.encode(message)
}

/// The device that a text was given to, if it was and is still good. Compares in constant time.
pub(crate) fn check(
    secret: &[u8; 32],
    purpose: For,
    text: &str,
    now_ms: u64,
) -> Option<DeviceNumber> {
    let bytes: [u8; 60] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let (message, mac) = bytes.split_first_chunk::<28>()?;
    keyed(secret, purpose, message).verify_slice(mac).ok()?;
    let (device, rest) = message.split_first_chunk::<4>()?;
    let (until, _) = rest.split_first_chunk::<8>()?;
    (now_ms < u64::from_be_bytes(*until)).then_some(DeviceNumber(u32::from_be_bytes(*device)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_given_out_is_known_again_and_only_while_it_is_good() {
        let secret = [7; 32];
        let token = issue(&secret, For::Token, DeviceNumber(3), 1_000, [1; 16]);
        assert_eq!(
            check(&secret, For::Token, &token, 999),
            Some(DeviceNumber(3))
        );
        assert_eq!(check(&secret, For::Token, &token, 1_000), None, "run out");
        assert_eq!(
            check(&secret, For::Challenge, &token, 1),
            None,
            "a token is no challenge"
        );
        assert_eq!(
            check(&[8; 32], For::Token, &token, 1),
            None,
            "another county"
        );
        for place in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            if forged != token {
                assert_eq!(check(&secret, For::Token, &forged, 1), None, "at {place}");
            }
        }
        for bad in ["", "x", "!!!!", "QUJD"] {
            assert_eq!(check(&secret, For::Token, bad, 1), None);
        }
    }
}
