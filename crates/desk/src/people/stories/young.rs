//! Nele is fourteen, and decides for herself once somebody judged that she understands.

use porch_domain::authority::{Evidence, Ground};
use porch_domain::decision::{Help, Purpose};
use porch_domain::id::AuthorityId;

use super::*;
use crate::consent_history::{ConsentEventKind, ConsentHistoryRequest, consent_history};
use crate::decide::{DecideRequest, DecidedView, SubjectAnswers, decide};
use crate::hand_over::{BeginHandOverRequest, HandOverView, asked, begin_hand_over};
use crate::record_authority::{RecordAuthorityRequest, RecordedAuthorityView, record_authority};

/// Makes of a good request one that is none.
type Spoil = fn(&mut RecordAuthorityRequest);

const WHY: &str = "She told me in her own words where the picture would be seen.";

struct Home {
    front: FrontDesk,
    family: FamilyId,
    testa: PersonId,
    nele: PersonId,
    tim: PersonId,
}

fn home() -> Home {
    let front = FrontDesk::open();
    let (family, testa, nele, tim) = front.does(Role::Reception, |work| {
        let mut request = beispiels();
        request.children.push(PersonForm {
            birth_date: "3/4/2012".into(),
            ..form("Nele", "Beispiel", MemberRole::Child)
        });
        let family = register(work, request).unwrap().family;
        let view = open(work, family);
        let person = |name| member(&view, name).person;
        (family, person("Testa"), person("Nele"), person("Tim"))
    });
    Home {
        front,
        family,
        testa,
        nele,
        tim,
    }
}

impl Home {
    fn understands(&self) -> RecordAuthorityRequest {
        RecordAuthorityRequest {
            child: self.nele,
            holder: self.nele,
            ground: Ground::Understands,
            evidence: Evidence::Declared,
            reason: format!(" {WHY} "),
            valid_until: None,
        }
    }

    fn record(
        &self,
        role: Role,
        request: RecordAuthorityRequest,
    ) -> Result<RecordedAuthorityView, Refusal> {
        self.front
            .does(role, |work| record_authority(work, request))
    }

    fn handed_over(&self) -> HandOverView {
        let (family, purposes) = (self.family, vec![Purpose::PublicityPicture]);
        self.front.does(Role::Outreach, |work| {
            let view = begin_hand_over(work, BeginHandOverRequest { family, purposes }).unwrap();
            work.write(|write| Ok(write.end_hand_over()?)).unwrap();
            view
        })
    }

    /// Nele says yes to everything for somebody.
    fn says_yes(
        &self,
        subject: PersonId,
        authority: Option<AuthorityId>,
    ) -> Result<DecidedView, Refusal> {
        self.front.does(Role::Outreach, |work| {
            let (family, purposes) = (self.family, vec![Purpose::PublicityPicture]);
            begin_hand_over(work, BeginHandOverRequest { family, purposes }).unwrap();
            let wording = wording(Purpose::PublicityPicture, "en").text_ref();
            let request = DecideRequest {
                decider: self.nele,
                answers: vec![SubjectAnswers {
                    subject,
                    authority,
                    wording: wording.name,
                    version: wording.version,
                    sha256: wording.sha256,
                    attribution: None,
                    granted: asked(Purpose::PublicityPicture),
                    refused: Vec::new(),
                    replaces: Vec::new(),
                }],
                signature: Vec::new(),
                typed_name: Some("Nele Beispiel".into()),
                witness: Some(work.login.user),
                language: "en".into(),
                notice: notice(),
                help: Help::None,
            };
            let decided = decide(work, request);
            work.write(|write| Ok(write.end_hand_over()?)).unwrap();
            decided
        })
    }
}

#[test]
fn she_decides_for_herself_and_for_nobody_else() {
    let home = home();
    let before = home.handed_over();
    assert!(before.deciders.iter().all(|each| each.person == home.testa));
    assert_eq!(
        why(home.says_yes(home.nele, None)),
        (Code::NoAuthority, Some("decider".into()))
    );
    let authority = home
        .record(Role::Outreach, home.understands())
        .unwrap()
        .authority;
    let again = home.record(Role::Manager, home.understands()).unwrap();
    assert_eq!(again.authority, authority, "asked twice, recorded once");
    let after = home.handed_over();
    let nele = after.deciders.iter().find(|each| each.person == home.nele);
    let may: Vec<_> = nele.unwrap().may_decide_for.iter().collect();
    assert_eq!(may.len(), 1);
    assert_eq!(
        (may[0].person, may[0].authority),
        (home.nele, Some(authority))
    );
    home.says_yes(home.nele, Some(authority)).unwrap();
    assert_eq!(
        why(home.says_yes(home.tim, Some(authority))),
        (Code::NoAuthority, Some("answers.0.authority".into()))
    );
}

#[test]
fn at_sixteen_nobody_judges_it() {
    let home = home();
    let older = "2028-04-04T09:30:00.000Z";
    let view = home.front.at(Role::Reception, older, |work| {
        let (family, purposes) = (home.family, vec![Purpose::PublicityPicture]);
        let view = begin_hand_over(work, BeginHandOverRequest { family, purposes }).unwrap();
        work.write(|write| Ok(write.end_hand_over()?)).unwrap();
        view
    });
    let mut deciders = view.deciders.iter();
    let nele = deciders.find(|each| each.person == home.nele).unwrap();
    let may: Vec<_> = nele
        .may_decide_for
        .iter()
        .map(|may| (may.person, may.authority))
        .collect();
    assert_eq!(may, [(home.nele, None)]);
    assert!(view.deciders.iter().all(|each| each.person != home.tim));
}

#[test]
fn why_is_told_to_whom_the_catalogue_names() {
    let home = home();
    home.record(Role::Practitioner, home.understands()).unwrap();
    for (role, told) in [
        (Role::Manager, Some(WHY)),
        (Role::DataProtection, Some(WHY)),
        (Role::Reception, None),
        (Role::Outreach, None),
    ] {
        let history = home.front.does(role, |work| {
            let request = ConsentHistoryRequest { person: home.nele };
            consent_history(work, request).unwrap()
        });
        let mut events = history.iter();
        let event = events.find(|event| event.kind == ConsentEventKind::Authority);
        let event = event.unwrap();
        assert_eq!(event.ground, Some(Ground::Understands));
        assert_eq!(event.why.as_deref(), told, "{role:?}");
    }
}

#[test]
fn what_is_no_judgement_is_refused_by_its_field() {
    let home = home();
    assert_eq!(
        why(home.record(Role::Reception, home.understands())).0,
        Code::NotAllowed
    );
    let long = "a".repeat(501);
    let too_long = RecordAuthorityRequest {
        reason: long,
        ..home.understands()
    };
    assert_eq!(
        why(home.record(Role::Manager, too_long)),
        (Code::TooLong, Some("reason".into()))
    );
    let of = |person| RecordAuthorityRequest {
        child: person,
        holder: person,
        ..home.understands()
    };
    for (request, code, field) in [
        (of(home.tim), Code::TooYoung, "child"),
        // Nobody knows how old she is; and nobody judges a grown-up.
        (of(home.testa), Code::Required, "child"),
    ] {
        let refused = home.record(Role::Manager, request);
        assert_eq!(why(refused), (code, Some(field.into())));
    }
    let spoiled: [(Spoil, Code, &str); 3] = [
        (|odd| odd.reason = " \n".into(), Code::Required, "reason"),
        (|odd| odd.ground = Ground::Mother, Code::Invalid, "reason"),
        (
            |odd| odd.valid_until = Some("2026-11-22".parse().unwrap()),
            Code::DateTooEarly,
            "valid_until",
        ),
    ];
    for (spoil, code, field) in spoiled {
        let mut request = home.understands();
        spoil(&mut request);
        let refused = home.record(Role::Manager, request);
        assert_eq!(why(refused), (code, Some(field.into())));
    }
    let for_tim = RecordAuthorityRequest {
        child: home.tim,
        ..home.understands()
    };
    assert_eq!(
        why(home.record(Role::Manager, for_tim)),
        (Code::Invalid, Some("holder".into())),
        "a child decides for nobody else"
    );
    let alone = home.handed_over().deciders;
    assert!(alone.iter().all(|each| each.person == home.testa));
}

#[test]
fn an_order_ends_with_its_last_day() {
    let home = home();
    let order = RecordAuthorityRequest {
        child: home.tim,
        holder: home.testa,
        ground: Ground::CourtOrder,
        evidence: Evidence::Seen,
        reason: String::new(),
        valid_until: Some(TODAY.parse().unwrap()),
    };
    home.record(Role::Reception, order).unwrap();
    let tomorrow = "2026-11-24T09:30:00.000Z";
    let may = |now: &str| {
        home.front.at(Role::Reception, now, |work| {
            let (family, purposes) = (home.family, vec![Purpose::PublicityPicture]);
            let view = begin_hand_over(work, BeginHandOverRequest { family, purposes }).unwrap();
            work.write(|write| Ok(write.end_hand_over()?)).unwrap();
            let testa = view
                .deciders
                .into_iter()
                .find(|each| each.person == home.testa);
            let testa = testa.unwrap().may_decide_for;
            testa.iter().any(|each| each.person == home.tim)
        })
    };
    assert!(may(sample::NOW));
    assert!(!may(tomorrow));
}
