//! Texts are offered when the county has approved them, in the very words that it approved.

use porch_domain::bytes::{Bytes, Digest};
use porch_domain::catalogue::FieldValue as _;
use porch_domain::decision::{Attribution, Decision, Help, Purpose};
use porch_domain::id::{DecisionId, derive_notice_id, derive_text_approval_id};
use porch_domain::text::{BUILT_IN, TextApproval, TextKind, TextRef};
use porch_domain::time::Instant;
use porch_sync::{Change, FieldChange, Op};

use super::*;
use crate::decide::{DecideRequest, DecidedView, SubjectAnswers, decide};
use crate::hand_over::{BeginHandOverRequest, HandOverView, asked, begin_hand_over};
use crate::people::sample::{NOW, approval, approval_of_notice, centre, short};
use crate::signature::{Point, Stroke};
use crate::texts::{
    NoticeSeen, RecordNoticeShownRequest, askable, notices, record_notice_shown, shown_notice,
};

fn seen(text: &TextRef) -> NoticeSeen {
    NoticeSeen {
        notice: text.name.clone(),
        version: text.version,
        language: text.language.clone(),
        sha256: text.sha256,
    }
}

/// The county takes an approval back, as its record arrives.
fn taken_back(front: &FrontDesk, text: &TextRef) {
    let id = derive_text_approval_id(text);
    let versions = front.does(Role::Manager, |work| {
        work.read(|read| Ok(read.record::<TextApproval>(id)?.1))
            .unwrap()
    });
    let at: Instant = NOW.parse().unwrap();
    let field = |name: &str, value| FieldChange {
        value,
        base: versions.of(name),
    };
    front.save(vec![Change {
        kind: TextApproval::KIND.to_owned(),
        id: id.into(),
        op: Op::Edit,
        fields: [
            (
                "taken_back_by".to_owned(),
                field("taken_back_by", "the county".into()),
            ),
            (
                "taken_back_at".to_owned(),
                field("taken_back_at", at.to_json()),
            ),
        ]
        .into(),
    }]);
}

fn begin(
    front: &FrontDesk,
    family: FamilyId,
    purposes: &[Purpose],
) -> Result<HandOverView, Refusal> {
    let purposes = purposes.to_vec();
    front.does(Role::Reception, |work| {
        begin_hand_over(work, BeginHandOverRequest { family, purposes })
    })
}

/// What Testa says for herself, in a wording.
fn says(testa: PersonId, wording: &TextRef, purpose: Purpose) -> DecideRequest {
    let points = (0..30).map(|at| Point {
        x: f64::from(at) * 3.0,
        y: f64::from(at % 7),
        t: f64::from(at) * 8.0,
        pressure: 0.5,
    });
    DecideRequest {
        decider: testa,
        answers: vec![SubjectAnswers {
            subject: testa,
            authority: None,
            wording: wording.name.clone(),
            version: wording.version,
            sha256: wording.sha256,
            attribution: None,
            granted: asked(purpose),
            refused: Vec::new(),
            replaces: Vec::new(),
        }],
        signature: vec![Stroke {
            points: points.collect(),
        }],
        typed_name: None,
        witness: None,
        language: wording.language.clone(),
        notice: seen(&short(&wording.language).text_ref()),
        help: Help::None,
    }
}

fn decided(front: &FrontDesk, request: DecideRequest) -> Result<DecidedView, Refusal> {
    front.does(Role::Reception, |work| decide(work, request))
}

fn testa(front: &FrontDesk, family: FamilyId) -> PersonId {
    front.does(Role::Reception, |work| {
        member(&open(work, family), "Testa").person
    })
}

/// The languages in which something can be asked, and in how many there are drafts.
fn can_be_asked(front: &FrontDesk, purpose: Purpose) -> (Vec<String>, usize) {
    let all = front.does(Role::Reception, |work| askable(work, Nothing {}).unwrap());
    let mut all = all.into_iter();
    let view = all.find(|each| each.purpose == purpose).unwrap();
    (view.languages, view.drafts.len())
}

const PICTURE: Purpose = Purpose::PublicityPicture;

#[test]
fn what_is_decided_keeps_the_very_words() {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let testa = testa(&front, family);
    let view = begin(&front, family, &[PICTURE]).unwrap();
    assert_eq!(view.languages.len(), 1, "the others are drafts");
    assert_eq!(view.wordings.len(), 1);
    let text = wording(PICTURE, "en").text_ref();
    let made = decided(&front, says(testa, &text, PICTURE)).unwrap();
    let id: DecisionId = made.decisions[0];
    let decision = front.does(Role::Reception, |work| {
        work.read(|read| Ok(read.record::<Decision>(id)?.0))
            .unwrap()
    });
    assert_eq!(decision.wording_sha256, text.sha256);
    assert_eq!(decision.notice_sha256, short("en").text_ref().sha256);
    assert_eq!(
        (decision.language.as_str(), decision.notice_version),
        ("en", 2)
    );
    assert_ne!(decision.signature, Bytes(Vec::new()));
}

#[test]
fn a_language_that_is_not_approved_is_refused() {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let testa = testa(&front, family);
    begin(&front, family, &[PICTURE]).unwrap();
    let polish = wording(PICTURE, "pl");
    let asked_in_polish = says(testa, &polish.text_ref(), PICTURE);
    let outdated = |field: &str| (Code::WordingOutdated, Some(field.to_owned()));
    assert_eq!(
        why(decided(&front, asked_in_polish.clone())),
        outdated("language")
    );
    front.save(vec![approval(polish)]);
    assert_eq!(
        why(decided(&front, asked_in_polish.clone())),
        outdated("language"),
        "the notice is not approved"
    );
    assert_eq!(can_be_asked(&front, PICTURE), (vec!["en".to_owned()], 5));
    front.save(vec![approval_of_notice(short("pl"))]);
    assert_eq!(
        can_be_asked(&front, PICTURE),
        (vec!["en".to_owned(), "pl".to_owned()], 4)
    );
    assert!(decided(&front, asked_in_polish).is_ok());
}

#[test]
fn other_words_than_those_approved_are_refused() {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let testa = testa(&front, family);
    begin(&front, family, &[PICTURE]).unwrap();
    let text = wording(PICTURE, "en").text_ref();
    let mut other = says(testa, &text, PICTURE);
    other.answers[0].sha256 = Digest::of(b"other words");
    assert_eq!(why(decided(&front, other)).0, Code::WordingOutdated);
    let mut old = says(testa, &text, PICTURE);
    old.notice.version = 1;
    assert_eq!(
        why(decided(&front, old)),
        (Code::WordingOutdated, Some("notice".to_owned()))
    );
    let news = wording(Purpose::News, "en").text_ref();
    assert_eq!(
        why(decided(&front, says(testa, &news, Purpose::News))).0,
        Code::WordingOutdated,
        "nobody asked for news"
    );
}

#[test]
fn an_approval_that_was_taken_back_offers_nothing() {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let testa = testa(&front, family);
    let text = wording(PICTURE, "en").text_ref();
    begin(&front, family, &[PICTURE]).unwrap();
    taken_back(&front, &text);
    assert_eq!(
        why(decided(&front, says(testa, &text, PICTURE))).0,
        Code::WordingOutdated,
        "also on pages that are open"
    );
    front.does(Role::Reception, |work| {
        work.write(|write| write.end_hand_over().map_err(Refusal::from))
            .unwrap();
    });
    assert_eq!(
        why(begin(&front, family, &[PICTURE])),
        (Code::NothingApproved, None)
    );
    assert!(begin(&front, family, &[Purpose::News]).is_ok());
}

#[test]
fn a_quote_needs_a_name_or_none_and_a_no_needs_neither() {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let testa = testa(&front, family);
    begin(&front, family, &[Purpose::PublicityQuote]).unwrap();
    let text = wording(Purpose::PublicityQuote, "en").text_ref();
    let yes = says(testa, &text, Purpose::PublicityQuote);
    assert_eq!(
        why(decided(&front, yes.clone())),
        (Code::Invalid, Some("answers.0.attribution".to_owned()))
    );
    let mut no = yes.clone();
    no.answers[0].refused = std::mem::take(&mut no.answers[0].granted);
    let refused = decided(&front, no).unwrap();
    let mut named = yes;
    named.answers[0].attribution = Some(Attribution::FirstName);
    named.answers[0].replaces = refused.decisions;
    assert!(decided(&front, named).is_ok());
}

#[test]
fn a_development_record_is_a_child_s() {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let testa = testa(&front, family);
    begin(&front, family, &[Purpose::DevelopmentPicture]).unwrap();
    let text = wording(Purpose::DevelopmentPicture, "en").text_ref();
    let own = says(testa, &text, Purpose::DevelopmentPicture);
    assert_eq!(why(decided(&front, own)).0, Code::WordingOutdated);
}

#[test]
fn a_newer_notice_is_due_until_it_was_shown() {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let (testa, tim) = front.does(Role::Reception, |work| {
        let view = open(work, family);
        assert!(view.notice_due.is_empty(), "shown at registration");
        (member(&view, "Testa").person, member(&view, "Tim").person)
    });
    let mut newer = short("en").clone();
    newer.notice = "our_notice".into();
    newer.id = derive_notice_id(&newer.notice, newer.version, &newer.language);
    newer.parts[1] = "We are glad that you are here.".into();
    let text = newer.text_ref();
    let approved = TextApproval::of_notice(
        &newer,
        "the county".to_owned(),
        "2026-11-23T10:30:00.000Z".parse().unwrap(),
    );
    front.save(vec![
        crate::changes::created(&newer, centre()),
        crate::changes::created(&approved, centre()),
    ]);
    // One of the others that are in force was not the one that Testa saw.
    let show = |people: &[PersonId], notice: NoticeSeen| {
        let people = people.to_vec();
        front.does(Role::Reception, |work| {
            record_notice_shown(
                work,
                RecordNoticeShownRequest {
                    family,
                    people,
                    notice,
                },
            )
        })
    };
    let due = || front.does(Role::Reception, |work| open(work, family).notice_due);
    assert_eq!(due(), [testa]);
    assert_eq!(
        why(show(&[testa], seen(&short("en").text_ref()))).0,
        Code::NoticeNotShown,
        "not in force any more"
    );
    let mut altered = seen(&text);
    altered.sha256 = Digest::of(b"altered");
    assert_eq!(why(show(&[testa], altered)).0, Code::NoticeNotShown);
    assert_eq!(
        why(show(&[tim], seen(&text))).0,
        Code::NotFound,
        "a child is not told"
    );
    show(&[testa], seen(&text)).unwrap();
    assert!(due().is_empty());
    show(&[testa], seen(&text)).unwrap();
    let shown = front.does(Role::Reception, |work| open(work, family).notices);
    assert_eq!(shown.len(), 2, "the same is not recorded twice");
    // What was shown can be read again, also what is not in force any more.
    let read = |seen: NoticeSeen| front.does(Role::Reception, |work| shown_notice(work, seen));
    for row in &shown {
        let again = read(NoticeSeen {
            notice: row.notice.clone(),
            version: row.version,
            language: row.language.clone(),
            sha256: row.sha256,
        });
        assert_eq!(again.unwrap().sha256, row.sha256);
    }
    let mut altered = seen(&text);
    altered.sha256 = Digest::of(b"altered");
    assert_eq!(why(read(altered)).0, Code::NotFound);
}

#[test]
fn what_was_shown_before_approvals_can_be_read_again() {
    let front = FrontDesk::open();
    let mut all = BUILT_IN.notices.iter();
    let first = all.find(|notice| notice.version == 1 && notice.notice == "short");
    let text = first.unwrap().text_ref();
    let again = front.does(Role::Reception, |work| shown_notice(work, seen(&text)));
    let again = again.unwrap();
    assert_eq!(again.sha256, text.sha256);
    assert!(again.paragraphs.concat().contains("Nottinghamshire"));
}

#[test]
fn registration_goes_on_while_no_notice_is_approved() {
    let front = FrontDesk::open();
    let all = front.does(Role::Reception, |work| notices(work, Nothing {}).unwrap());
    assert_eq!(all.len(), 3, "short, full and easy to read");
    for notice in &all {
        assert!(!notice.paragraphs.concat().contains('{'), "no gap is shown");
        let text = TextRef {
            kind: TextKind::Notice,
            name: notice.notice.clone(),
            version: notice.version,
            language: notice.language.clone(),
            sha256: notice.sha256,
        };
        taken_back(&front, &text);
    }
    let mut without = beispiels();
    without.notice = None;
    let family = front
        .does(Role::Reception, |work| register(work, without))
        .unwrap()
        .family;
    let view = front.does(Role::Reception, |work| open(work, family));
    assert!(
        view.notices.is_empty() && view.notice_due.is_empty(),
        "nobody is said to have been shown what there was not"
    );
    let claimed = front.does(Role::Reception, |work| register(work, beispiels()));
    assert_eq!(why(claimed).0, Code::Invalid, "nor is it claimed");
}
