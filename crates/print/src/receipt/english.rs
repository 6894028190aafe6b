//! A receipt in English.

use porch_domain::authority::{Evidence, Ground};
use porch_domain::consent::DecisionState;
use porch_domain::decision::{AtExpiry, Attribution, Help, Method, Purpose};

use super::words::Words;

pub(super) const WORDS: Words = Words {
    language: "en",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    title: "Your receipt",
    lead: "This is what you decided, and how you can change it. Please keep it.",
    reference: "Your reference",
    for_child: "Your answers for {name}",
    for_self: "Your answers for yourself",
    about: "What for",
    yes: "Yes",
    no: "No",
    because: "Why you may decide",
    good_until: "Good until",
    until_is: "{date}. {then}",
    no_end: "You change it",
    attribution: "Name with your words",
    in_place_of: "In place of",
    today: "On {date}",
    today_is: "Taken back since: {places}.",
    how_heading: "How it was done",
    who: "Who decided",
    erased: "This person's record was erased",
    when: "When",
    when_is: "{date}, {time}",
    how: "How",
    help: "Who helped you read it",
    taken_by: "Who took it",
    witness: "Who saw you do it",
    centre: "Where",
    device: "On device number",
    change_heading: "If you change your mind",
    change: "You can change your mind on any day and need not say why. Tell us at any centre, or write to the Data Protection Officer.",
    shown_heading: "The words that you were shown",
    shown: "These are the very words.",
    not_here: "Their text is not on this computer. Ask us for it by the code below.",
    wording: "The question",
    notice: "The privacy notice",
    version: "{name}, version {version}, language {language}",
    text_code: "Code of the text",
    check_heading: "How this paper can be checked",
    check: "Ask at any centre, or ask the Data Protection Officer. By the number and the code we find the answers in our records. Then we compare them with this paper.",
    number: "Number",
    code: "Code",
    purpose,
    ground,
    evidence,
    method,
    help_had,
    at_expiry,
    attribution_of,
    state,
};

const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::PublicityPicture => "Pictures for showing others what we do",
        Purpose::PublicityQuote => "Words of yours for showing others what we do",
        Purpose::DevelopmentPicture => "Pictures for the child's own record",
        Purpose::News => "News and events",
        Purpose::ResearchContact => "Being asked about research",
    }
}

const fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Mother => "You are the mother.",
        Ground::FatherMarriedOrRegistered => {
            "You are the father, and married to the mother or named on the birth certificate."
        }
        Ground::CourtOrder => "A court gave you the right.",
        Ground::Agreement => "You have a parental responsibility agreement.",
        Ground::Guardian => "You are the guardian.",
        Ground::LocalAuthority => "You decide for the local authority, under a care order.",
        Ground::Delegated => "Somebody who may decide passed it on to you.",
        Ground::Understands => "You understand it well enough to decide for yourself.",
    }
}

const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Seen => "We saw a paper that shows it.",
        Evidence::Declared => "You told us so.",
    }
}

const fn method(method: Method) -> &'static str {
    match method {
        Method::SignedOnScreen => "Signed on a screen",
        Method::ScannedPaper => "Signed on paper, which we scanned",
        Method::TypedWithWitness => "Name typed while a member of staff saw it",
    }
}

const fn help_had(help: Help) -> &'static str {
    match help {
        Help::None => "Nobody",
        Help::Interpreter => "An interpreter",
        Help::ReadAloud => "A member of staff, who read it out",
    }
}

const fn at_expiry(at_expiry: AtExpiry) -> &'static str {
    match at_expiry {
        AtExpiry::NoNewUse => {
            "After that we make no new use of it. What is already printed may stay."
        }
        AtExpiry::Remove => "After that we remove it.",
    }
}

const fn attribution_of(attribution: Attribution) -> &'static str {
    match attribution {
        Attribution::FullName => "Your full name",
        Attribution::FirstName => "Your first name only",
        Attribution::Anonymous => "No name",
    }
}

const fn state(state: DecisionState) -> &'static str {
    match state {
        DecisionState::Given => "This is what counts.",
        DecisionState::Renewed => "This is what counts. You had said yes before.",
        DecisionState::Refused => "You said no to all of it.",
        DecisionState::Withdrawn => "All that you had said yes to is taken back.",
        DecisionState::Expired => "Its time is over.",
        DecisionState::Misrecorded => "It was written down by mistake and does not count.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_short() {
        for text in [WORDS.lead, WORDS.check, WORDS.not_here] {
            for sentence in text.split_inclusive(['.', '?']) {
                assert!(sentence.split_whitespace().count() <= 20, "{sentence}");
            }
        }
    }
}
