//! What a manager judges about what Testa decided for Tim, and what a safeguarding lead stops.

use porch_domain::authority::{EndKind, Evidence, Ground};
use porch_domain::decision::Purpose;
use porch_domain::id::RecordId as _;
use porch_domain::withdrawal::{Ruling, WithdrawalHow};

use super::receipts::{Signed, signed};
use super::*;
use crate::consent_history::{
    ConsentEventKind, ConsentEventView, ConsentHistoryRequest, ReportState, consent_history,
};
use crate::judge_consent::{
    EndAuthorityRequest, MarkMisrecordedRequest, ReportView, RuleOnWithdrawalRequest,
    end_authority, mark_misrecorded, reported_withdrawals, rule_on_withdrawal,
};
use crate::read_audit::{AuditRequest, audit};
use crate::record_authority::{RecordAuthorityRequest, record_authority};
use crate::stop_use::{
    EndStopRequest, StopUseRequest, StopsRequest, StopsView, end_stop, stop_use, stops,
};
use crate::withdraw_consent::{WithdrawRequest, WithdrawnView, withdraw_consent};

impl Signed {
    /// Somebody says so who is not here.
    fn report(&self) -> WithdrawnView {
        self.front.does(Role::Reception, |work| {
            let request = WithdrawRequest {
                subject: self.tim,
                purpose: Purpose::PublicityPicture,
                decisions: vec![self.decision],
                channels: None,
                by: None,
                how: WithdrawalHow::Reported,
            };
            withdraw_consent(work, request).unwrap()
        })
    }

    fn reports(&self, now: &str) -> Vec<ReportView> {
        self.front.at(Role::Manager, now, |work| {
            reported_withdrawals(work, Nothing {}).unwrap()
        })
    }

    fn rule(&self, report: &WithdrawnView, ruling: Ruling, why: &str) -> Result<u32, Refusal> {
        let request = RuleOnWithdrawalRequest {
            withdrawal: report.withdrawal,
            ruling,
            why: why.into(),
        };
        let judged = self
            .front
            .does(Role::Manager, |work| rule_on_withdrawal(work, request))?;
        Ok(judged.photos_removed)
    }

    fn is_permitted(&self) -> bool {
        self.front.does(Role::Reception, |work| {
            let view = open(work, self.family);
            let permissions = &member(&view, "Tim").permissions;
            permissions
                .iter()
                .any(|permission| !permission.granted.is_empty())
        })
    }

    fn history(&self, role: Role) -> Vec<ConsentEventView> {
        let person = self.tim;
        self.front.does(role, |work| {
            consent_history(work, ConsentHistoryRequest { person }).unwrap()
        })
    }

    fn event(&self, kind: ConsentEventKind) -> ConsentEventView {
        let events = self.history(Role::Manager);
        events.into_iter().find(|event| event.kind == kind).unwrap()
    }

    fn stop(&self, purposes: &[Purpose], why: &str) -> Result<u32, Refusal> {
        let request = StopUseRequest {
            subject: self.tim,
            purposes: purposes.to_vec(),
            why: why.into(),
        };
        let judged = self
            .front
            .does(Role::Safeguarding, |work| stop_use(work, request))?;
        Ok(judged.photos_removed)
    }

    fn stops(&self) -> StopsView {
        let person = self.tim;
        self.front.does(Role::Safeguarding, |work| {
            stops(work, StopsRequest { person }).unwrap()
        })
    }
}

#[test]
fn what_is_reported_is_heard_at_once_and_waits_for_a_ruling() {
    let signed = signed();
    assert!(signed.is_permitted());
    let report = signed.report();
    assert_eq!(report.rule_by.unwrap().to_string(), "2026-11-30");
    assert!(!signed.is_permitted(), "at once");
    let [waiting] = signed.reports(sample::NOW).try_into().unwrap();
    assert_eq!(
        (waiting.name.as_str(), waiting.by.as_str(), waiting.overdue),
        ("Tim Beispiel", "", false)
    );
    assert_eq!(waiting.channels.len(), 1, "what she had granted");
    assert_eq!(waiting.family, Some(signed.family));
    let reports = |role, now: &str| {
        let view = signed.front.at(role, now, |work| today(work, Nothing {}));
        let reports = view.unwrap().reports;
        reports.map(|reports| {
            (
                reports.waiting,
                reports.overdue,
                reports.rule_by.to_string(),
            )
        })
    };
    assert_eq!(reports(Role::Reception, sample::NOW), None);
    let due = "2026-11-30".to_owned();
    assert_eq!(
        reports(Role::Manager, sample::NOW),
        Some((1, 0, due.clone()))
    );
    assert_eq!(
        reports(Role::Manager, "2026-12-01T09:00:00.000Z"),
        Some((1, 1, due))
    );
    let late = signed.reports("2026-12-01T09:00:00.000Z");
    assert!(late[0].overdue);
    assert_eq!(
        signed.event(ConsentEventKind::Withdrawal).report,
        Some(ReportState::Waits)
    );
    for why in ["", "  "] {
        let refused = signed.rule(&report, Ruling::Dismissed, why);
        assert_eq!(
            refused.unwrap_err(),
            Refusal::of_field("why", Code::Required)
        );
    }
    let long = "x".repeat(2001);
    let refused = signed.rule(&report, Ruling::Dismissed, &long);
    assert_eq!(
        refused.unwrap_err(),
        Refusal::of_field("why", Code::TooLong)
    );
    signed
        .rule(&report, Ruling::Dismissed, "Testa was asked.")
        .unwrap();
    assert!(signed.is_permitted() && signed.reports(sample::NOW).is_empty());
    let ruling = signed.event(ConsentEventKind::Ruling);
    assert_eq!(ruling.report, Some(ReportState::Dismissed));
    assert_eq!(ruling.why.as_deref(), Some("Testa was asked."));
    let seen = signed.history(Role::Reception);
    assert!(
        seen.iter().all(|event| event.why.is_none()),
        "reasons are not for everybody"
    );
    let again = signed.rule(&report, Ruling::Dismissed, "Again.");
    assert_eq!(again.unwrap_err().code, Code::RuledAlready);
    // A No is heard also later.
    signed
        .rule(&report, Ruling::Upheld, "She came in herself.")
        .unwrap();
    assert!(!signed.is_permitted());
    assert_eq!(
        signed.event(ConsentEventKind::Withdrawal).report,
        Some(ReportState::Upheld)
    );
}

#[test]
fn nobody_rules_on_what_is_verified_or_unknown() {
    let signed = signed();
    let request = WithdrawRequest {
        subject: signed.tim,
        purpose: Purpose::PublicityPicture,
        decisions: vec![signed.decision],
        channels: None,
        by: None,
        how: WithdrawalHow::InPerson,
    };
    let nobody = request.clone();
    let refused = signed
        .front
        .does(Role::Reception, |work| withdraw_consent(work, nobody));
    assert_eq!(
        refused.unwrap_err(),
        Refusal::of_field("by", Code::Required)
    );
    let request = WithdrawRequest {
        by: Some(signed.testa),
        ..request
    };
    let verified = signed
        .front
        .does(Role::Reception, |work| withdraw_consent(work, request))
        .unwrap();
    assert_eq!(verified.rule_by, None);
    assert!(signed.reports(sample::NOW).is_empty());
    let refused = signed.rule(&verified, Ruling::Dismissed, "A mistake.");
    assert_eq!(refused.unwrap_err().code, Code::RuledAlready);
    let unknown = WithdrawnView {
        withdrawal: signed.decision.uuid().into(),
        ..verified
    };
    let refused = signed.rule(&unknown, Ruling::Upheld, "A mistake.");
    assert_eq!(refused.unwrap_err().code, Code::NotFound);
}

#[test]
fn a_decision_that_was_recorded_by_mistake_counts_for_nothing() {
    let signed = signed();
    let mark = |decision, why: &str| {
        let request = MarkMisrecordedRequest {
            decision,
            why: why.into(),
        };
        let marked = signed
            .front
            .does(Role::Manager, |work| mark_misrecorded(work, request));
        marked.map(|_| ()).map_err(|refusal| refusal.code)
    };
    assert_eq!(mark(signed.decision, ""), Err(Code::Required));
    assert_eq!(
        mark(signed.tim.uuid().into(), "It was Tom."),
        Err(Code::NotFound)
    );
    assert!(!signed.event(ConsentEventKind::Decision).doubtful);
    assert_eq!(mark(signed.decision, "It was Tom."), Ok(()));
    assert!(signed.event(ConsentEventKind::Decision).doubtful);
    assert!(!signed.is_permitted());
    assert_eq!(
        signed.event(ConsentEventKind::Misrecording).why.as_deref(),
        Some("It was Tom.")
    );
    assert_eq!(mark(signed.decision, "Again."), Err(Code::RuledAlready));
}

#[test]
fn an_authority_may_be_in_dispute_and_then_end() {
    let signed = signed();
    let authority = signed.event(ConsentEventKind::Authority).authority.unwrap();
    let ends = |kind| {
        let request = EndAuthorityRequest {
            authority,
            kind,
            evidence: Evidence::Seen,
        };
        let ended = signed
            .front
            .does(Role::Manager, |work| end_authority(work, request));
        ended.map(|_| ()).map_err(|refusal| refusal.code)
    };
    assert_eq!(ends(EndKind::Disputed), Ok(()));
    assert!(!signed.is_permitted(), "its Yes does not count");
    let event = signed.event(ConsentEventKind::Authority);
    assert!(event.doubtful && event.authority.is_some());
    assert_eq!(ends(EndKind::Disputed), Err(Code::RuledAlready));
    assert_eq!(ends(EndKind::Ended), Ok(()));
    assert_eq!(signed.event(ConsentEventKind::Authority).authority, None);
    for kind in [EndKind::Ended, EndKind::Disputed] {
        assert_eq!(ends(kind), Err(Code::RuledAlready));
    }
    // Whoever asks next does not put it right.
    for ground in [Ground::Mother, Ground::CourtOrder] {
        let anew = |role| {
            let request = RecordAuthorityRequest {
                child: signed.tim,
                holder: signed.testa,
                ground,
                evidence: Evidence::Declared,
                reason: String::new(),
                valid_until: None,
            };
            let recorded = signed
                .front
                .does(role, |work| record_authority(work, request));
            recorded.map(|_| ())
        };
        let refused = Refusal::of_field("holder", Code::AuthorityEnded);
        assert_eq!(anew(Role::Reception), Err(refused));
        assert_eq!(anew(Role::Manager), Ok(()));
    }
}

#[test]
fn a_stop_looks_like_any_other_no_to_everybody_else() {
    let signed = signed();
    let refused = signed.stop(&[], "She is hidden.");
    assert_eq!(
        refused.unwrap_err(),
        Refusal::of_field("purposes", Code::Required)
    );
    let refused = signed.stop(&[Purpose::PublicityPicture], " ");
    assert_eq!(
        refused.unwrap_err(),
        Refusal::of_field("why", Code::Required)
    );
    signed
        .stop(&[Purpose::PublicityPicture], "She is hidden.")
        .unwrap();
    assert!(!signed.is_permitted());
    let again = signed.stop(&[Purpose::PublicityPicture], "Again.");
    assert_eq!(again.unwrap_err().code, Code::RuledAlready);
    let view = signed.stops();
    assert_eq!(view.stops.len(), 1);
    assert!(
        view.sealed && view.reasons.is_empty(),
        "without the key no reason is read"
    );
    let kinds: Vec<_> = signed
        .history(Role::Manager)
        .iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(
        kinds,
        [ConsentEventKind::Decision, ConsentEventKind::Authority]
    );
    let told = |role| {
        let request = AuditRequest {
            before: None,
            limit: 500,
        };
        let view = signed
            .front
            .does(role, |work| audit(work, request).unwrap());
        format!("{:?}", view.entries)
    };
    assert!(told(Role::Safeguarding).contains("stop_use"));
    for role in [Role::Manager, Role::DataProtection] {
        let told = told(role);
        assert!(
            !told.contains("stop") && !told.contains("concern"),
            "{role}"
        );
    }
    let end = |stop| {
        let request = EndStopRequest {
            stop,
            why: "They have moved.".into(),
        };
        let ended = signed
            .front
            .does(Role::Safeguarding, |work| end_stop(work, request));
        ended.map(|_| ()).map_err(|refusal| refusal.code)
    };
    let stop = view.stops[0].stop;
    assert_eq!(end(signed.tim.uuid().into()), Err(Code::NotFound));
    assert_eq!(end(stop), Ok(()));
    assert!(signed.is_permitted());
    assert_eq!(end(stop), Err(Code::RuledAlready));
    assert!(signed.stops().stops.is_empty());
}

#[test]
fn what_is_hidden_from_a_login_is_judged_by_others() {
    let signed = signed();
    let report = signed.report();
    hide(&signed.front, signed.family);
    signed.front.does(Role::Reception, |work| {
        let request = RuleOnWithdrawalRequest {
            withdrawal: report.withdrawal,
            ruling: Ruling::Dismissed,
            why: "Nobody called.".into(),
        };
        assert!(reported_withdrawals(work, Nothing {}).unwrap().is_empty());
        assert_eq!(why(rule_on_withdrawal(work, request)).0, Code::NotFound);
    });
    assert_eq!(signed.reports(sample::NOW).len(), 1);
}
