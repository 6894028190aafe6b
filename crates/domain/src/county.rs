//! What one county calls its own. To become settings that the county server sends; until then it
//! stands here, invented, in one place.

/// The telephone number of the duty desk for safeguarding: one of Ofcom's numbers for drama
/// (<https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama>), answered by
/// nobody.
pub const SAFEGUARDING_PHONE: &str = "0115 496 0123";

/// The data controller: the notice names it.
pub const CONTROLLER: &str = "Nottinghamshire County Council";

/// The social media of the service: the channel's slug, and how it calls itself.
pub const SOCIAL_MEDIA: &[(&str, &str)] = &[("facebook", "Facebook"), ("instagram", "Instagram")];

/// The partners that may show pictures: the channel's slug, and how they call themselves.
pub const PARTNERS: &[(&str, &str)] = &[("toy-library", "the Toy Library")];

/// How the owner of a named channel calls itself.
pub fn channel_name(slug: &str) -> Option<&'static str> {
    SOCIAL_MEDIA
        .iter()
        .chain(PARTNERS)
        .find(|(known, _)| *known == slug)
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Slug;

    #[test]
    fn every_name_is_a_channel_s() {
        for (slug, name) in SOCIAL_MEDIA.iter().chain(PARTNERS) {
            assert!(slug.parse::<Slug>().is_ok(), "{slug}");
            assert_eq!(channel_name(slug), Some(*name));
        }
    }
}
