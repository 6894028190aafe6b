//! The machine-readable record of a decision and its receipt: JSON-LD in the words of the W3C Data
//! Privacy Vocabulary, after ISO/IEC TS 27560.
//!
//! They name people by their ids and nothing else: whoever may know who they are asks the ledger.

use chrono::SecondsFormat;
use porch_domain::authority::Ground;
use porch_domain::channel::Channel;
use porch_domain::consent::DecisionState;
use porch_domain::decision::{Capacity, Decision, Purpose};
use porch_domain::id::RecordId;
use porch_domain::time::Instant;
use porch_domain::withdrawal::Withdrawal;
use serde_json::{Map, Value, json};

/// For whom it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The record, for the data protection officer and the county's systems.
    Record,
    /// The receipt, for the person.
    Receipt,
}

/// Whose decision it is to answer for, and whom to write to.
#[derive(Clone, Debug)]
pub struct Contact {
    /// The data controller's name.
    pub controller: String,
    /// How to reach the Data Protection Officer.
    pub officer: String,
}

/// A decision with what became of it.
#[derive(Clone, Debug)]
pub struct Recorded<'a> {
    /// The decision.
    pub decision: &'a Decision,
    /// On what ground the decider holds their authority; none for themself, or where it is not here.
    pub ground: Option<Ground>,
    /// What has become of it.
    pub state: DecisionState,
    /// The channels granted and not taken back since.
    pub still_granted: Vec<Channel>,
    /// The withdrawals that name it.
    pub withdrawals: Vec<&'a Withdrawal>,
    /// Each channel that was asked about, as the wording told it.
    pub channels: Vec<(Channel, String)>,
    /// The centre's name; none for a family that is hidden.
    pub centre: Option<String>,
    /// How to change one's mind, as the wording told it.
    pub how_to_change: Option<String>,
    /// Whom to write to; none where the county has not told.
    pub contact: Option<Contact>,
}

impl Recorded<'_> {
    /// The record or receipt as a JSON-LD document.
    pub fn json_ld(&self, form: Form) -> Value {
        let decision = self.decision;
        let (class, profile) = match form {
            Form::Record => ("dpv:ConsentRecord", "record-eu-gdpr"),
            Form::Receipt => ("dpv:ConsentReceipt", "receipt-eu-gdpr"),
        };
        let mut node = Map::new();
        let mut put = |name: &str, value: Value| node.insert(name.to_owned(), value);
        put("@context", context());
        put("@id", urn(decision.id));
        put("@type", Value::from(class));
        put(
            "dct:conformsTo",
            json!({"@id": format!("https://w3id.org/dpv/schema/dpv-27560#{profile}")}),
        );
        put(
            "dct:identifier",
            json!([
                decision.id.to_string(),
                digest(decision.sha256()),
                decision.reference()
            ]),
        );
        put("dct:created", time(decision.decided_at));
        put(
            "dpv:hasDataSubject",
            json!({"@id": urn(decision.subject), "@type": self.subject_class()}),
        );
        put("dpv:hasDataController", self.controller());
        put("dpv:hasPurpose", reference(purpose(decision.purpose)));
        put(
            "dpv:hasPersonalData",
            reference(personal_data(decision.purpose)),
        );
        put("dpv:hasLegalBasis", self.legal_basis());
        put("dpv:hasConsentStatus", reference(state(self.state)));
        put("dpv:hasNotice", self.notices());
        put(
            "dpv:hasProcess",
            self.channels
                .iter()
                .map(|(channel, title)| self.process(channel, title))
                .collect(),
        );
        if let Some(centre) = &self.centre {
            put(
                "dpv:hasLocation",
                json!({"@type": "dpv:LocalLocation", "dct:title": centre}),
            );
        }
        if !decision.replaces.is_empty() {
            let ids = decision.replaces.iter().map(|id| json!({"@id": urn(*id)}));
            put("dct:replaces", ids.collect());
        }
        if form == Form::Record && !self.withdrawals.is_empty() {
            let events = self.withdrawals.iter().map(|withdrawal| event(withdrawal));
            put("dct:hasPart", events.collect());
        }
        if form == Form::Record {
            put(
                "dct:provenance",
                json!({"dct:creator": {"@id": urn(decision.taken_by)}, "dct:source": format!("device {}", decision.device)}),
            );
        }
        Value::Object(node)
    }

    const fn subject_class(&self) -> &'static str {
        match self.decision.capacity {
            Capacity::Own => "dpv:DataSubject",
            Capacity::Authority => "dpv:Child",
        }
    }

    fn controller(&self) -> Value {
        match &self.contact {
            Some(contact) => json!({
                "@type": "dpv:DataController",
                "dpv:hasName": contact.controller,
                "dpv:hasDataProtectionOfficer": {
                    "@type": "dpv:DataProtectionOfficer",
                    "dpv:hasContact": contact.officer,
                },
            }),
            None => json!({"@type": "dpv:DataController"}),
        }
    }

    /// The consent itself: who gave it, when, how, until when, and how it is taken back.
    fn legal_basis(&self) -> Value {
        let decision = self.decision;
        let relation = match (decision.capacity, self.ground) {
            (Capacity::Own, _) | (_, Some(Ground::Understands)) => "dpv:DataSubject",
            (_, Some(Ground::Mother | Ground::FatherMarriedOrRegistered)) => {
                "dpv:ParentOfDataSubject"
            }
            _ => "dpv:GuardianOfDataSubject",
        };
        let duration = decision.valid_until.map_or_else(
            || json!({"@type": "dpv:IndeterminateDuration"}),
            |until| json!({"@type": "dpv:UntilTimeDuration", "dct:valid": time(until), "dct:description": decision.at_expiry.word()}),
        );
        let mut basis = json!({
            "@type": "dpv:ExplicitlyExpressedConsent",
            "dpv:isIndicatedBy": {"@id": urn(decision.decider), "@type": relation},
            "dpv:isIndicatedAtTime": time(decision.decided_at),
            "dpv:hasIndicationMethod": decision.method.word(),
            "dpv:hasDuration": duration,
            "dpv:hasConsentControl": {
                "@type": "dpv:WithdrawConsent",
                "dpv:isExercisedAt": {
                    "@type": "dpv:RightExerciseNotice",
                    "dct:description": self.how_to_change,
                    "dpv:hasContact": self.contact.as_ref().map(|contact| &contact.officer),
                },
            },
            "dct:description": format!("help: {}", decision.help),
        });
        if let (Some(attribution), Value::Object(basis)) = (decision.attribution, &mut basis) {
            let said = format!("attribution: {attribution}; help: {}", decision.help);
            basis.insert("dct:description".to_owned(), Value::from(said));
        }
        basis
    }

    fn notices(&self) -> Value {
        let decision = self.decision;
        let notice = |class: &str, id: &str, version: u32, sha256| {
            json!({
                "@type": class,
                "dct:identifier": [id, digest(sha256)],
                "dct:hasVersion": version.to_string(),
                "dct:language": decision.language,
            })
        };
        json!([
            notice(
                "dpv:ConsentNotice",
                &decision.wording,
                decision.wording_version,
                decision.wording_sha256
            ),
            notice(
                "dpv:PrivacyNotice",
                &decision.notice,
                decision.notice_version,
                decision.notice_sha256
            ),
        ])
    }

    /// One channel with what was said about it and what became of that.
    fn process(&self, channel: &Channel, title: &str) -> Value {
        let granted = self.decision.granted.contains(channel);
        let status = if !granted {
            state(DecisionState::Refused)
        } else if self.still_granted.contains(channel) {
            state(self.state)
        } else {
            state(DecisionState::Withdrawn)
        };
        json!({
            "@type": "dpv:Process",
            "dct:identifier": channel.to_string(),
            "dct:title": title,
            "dpv:hasConsentStatus": reference(status),
        })
    }
}

/// What a record or receipt says that never changes. Two documents of one decision, made on different
/// days, agree in it; what became of the decision, where it was made and whom to write to is left out,
/// since that changes, or is told to some only. Whatever else a document holds is kept.
pub fn settled(document: &Value) -> Value {
    match document {
        Value::Object(node) => {
            let is_process = node
                .get("@type")
                .is_some_and(|class| class == "dpv:Process");
            let mut kept = Map::new();
            for (name, value) in node {
                match name.as_str() {
                    "dct:hasPart"
                    | "dpv:hasLocation"
                    | "dpv:hasDataController"
                    | "dpv:hasContact" => {}
                    // Of a channel, whether it was granted or refused stays for ever.
                    "dpv:hasConsentStatus" if is_process => {
                        let refused = *value == reference(state(DecisionState::Refused));
                        kept.insert(name.clone(), Value::from(!refused));
                    }
                    "dpv:hasConsentStatus" => {}
                    _ => {
                        kept.insert(name.clone(), settled(value));
                    }
                }
            }
            Value::Object(kept)
        }
        Value::Array(values) => values.iter().map(settled).collect(),
        other => other.clone(),
    }
}

/// A withdrawal, as something that its maker indicated.
fn event(withdrawal: &Withdrawal) -> Value {
    let mut event = json!({
        "@id": urn(withdrawal.id),
        "dpv:hasConsentStatus": reference(state(DecisionState::Withdrawn)),
        "dpv:isIndicatedAtTime": time(withdrawal.withdrawn_at),
        "dpv:hasIndicationMethod": withdrawal.how.word(),
    });
    if let Value::Object(event) = &mut event {
        if let Some(by) = withdrawal.by {
            event.insert("dpv:isIndicatedBy".to_owned(), json!({"@id": urn(by)}));
        }
        if let Some(channels) = &withdrawal.channels {
            let channels = channels.iter().map(
                |channel| json!({"@type": "dpv:Process", "dct:identifier": channel.to_string()}),
            );
            event.insert("dpv:hasProcess".to_owned(), channels.collect());
        }
    }
    event
}

fn context() -> Value {
    json!({
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "pd": "https://w3id.org/dpv/pd#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    })
}

const fn state(state: DecisionState) -> &'static str {
    match state {
        DecisionState::Given => "dpv:ConsentGiven",
        DecisionState::Renewed => "dpv:RenewedConsentGiven",
        DecisionState::Refused => "dpv:ConsentRefused",
        DecisionState::Withdrawn => "dpv:ConsentWithdrawn",
        DecisionState::Expired => "dpv:ConsentExpired",
        DecisionState::Misrecorded => "dpv:ConsentInvalidated",
    }
}

const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::PublicityPicture | Purpose::PublicityQuote => "dpv:PublicRelations",
        Purpose::DevelopmentPicture => "dpv:ServiceProvision",
        Purpose::News => "dpv:CommunicationManagement",
        Purpose::ResearchContact => "dpv:NonCommercialResearch",
    }
}

const fn personal_data(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::PublicityPicture | Purpose::DevelopmentPicture => "pd:Picture",
        Purpose::PublicityQuote => "pd:Opinion",
        Purpose::News | Purpose::ResearchContact => "pd:Contact",
    }
}

fn reference(term: &str) -> Value {
    json!({"@id": term})
}

fn urn(id: impl RecordId) -> Value {
    Value::from(format!("urn:uuid:{id}"))
}

/// A digest by its name (RFC 6920, section 7: the form that people can read).
fn digest(sha256: porch_domain::bytes::Digest) -> String {
    format!("nih:sha-256;{sha256}")
}

fn time(at: Instant) -> Value {
    let at = at.utc().to_rfc3339_opts(SecondsFormat::Millis, true);
    json!({"@type": "xsd:dateTime", "@value": at})
}

#[cfg(test)]
mod tests;
