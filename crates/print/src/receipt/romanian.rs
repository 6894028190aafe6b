//! A receipt in Romanian: a draft, to be checked by a translator. It is used only for decisions that were asked
//! in Romanian, which is done only where the county has approved a text in it.

use porch_domain::authority::{Evidence, Ground};
use porch_domain::consent::DecisionState;
use porch_domain::decision::{AtExpiry, Attribution, Help, Method, Purpose};

use super::words::Words;

pub(super) const WORDS: Words = Words {
    language: "ro",
    months: [
        "ianuarie",
        "februarie",
        "martie",
        "aprilie",
        "mai",
        "iunie",
        "iulie",
        "august",
        "septembrie",
        "octombrie",
        "noiembrie",
        "decembrie",
    ],
    title: "Dovada dumneavoastră",
    lead: "Iată ce ați hotărât și cum puteți schimba. Vă rugăm să o păstrați.",
    reference: "Numărul dumneavoastră",
    for_child: "Răspunsurile pentru {name}",
    for_self: "Răspunsurile pentru dumneavoastră",
    about: "Pentru ce",
    yes: "Da",
    no: "Nu",
    because: "De ce puteți hotărî",
    good_until: "Valabil până la",
    until_is: "{date}. {then}",
    no_end: "Schimbați hotărârea",
    attribution: "Numele lângă cuvinte",
    in_place_of: "În locul",
    today: "La {date}",
    today_is: "Retras de atunci: {places}.",
    how_heading: "Cum s-a făcut",
    who: "Cine a hotărât",
    erased: "Datele acestei persoane au fost șterse",
    when: "Când",
    when_is: "{date}, {time}",
    how: "Cum",
    help: "Cine v-a ajutat să citiți",
    taken_by: "Cine a primit răspunsul",
    witness: "Cine v-a văzut",
    centre: "Unde",
    device: "Pe dispozitivul numărul",
    change_heading: "Dacă vă răzgândiți",
    change: "Vă puteți răzgândi în orice zi, fără să spuneți de ce. Spuneți-ne la orice centru sau scrieți responsabilului cu protecția datelor (Data Protection Officer).",
    shown_heading: "Cuvintele pe care le-ați văzut",
    shown: "Acestea sunt chiar cuvintele.",
    not_here: "Textul nu este pe acest calculator. Cereți-ni-l după codul de mai jos.",
    wording: "Întrebarea",
    notice: "Informarea despre date",
    version: "{name}, versiunea {version}, limba {language}",
    text_code: "Codul textului",
    check_heading: "Cum se verifică această hârtie",
    check: "Întrebați la orice centru sau la responsabilul cu protecția datelor. După număr și cod vă spunem ce răspunsuri sunt în evidența noastră.",
    number: "Număr",
    code: "Cod",
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
        Purpose::PublicityPicture => "Poze care arată altora ce facem",
        Purpose::PublicityQuote => "Cuvintele dumneavoastră care arată altora ce facem",
        Purpose::DevelopmentPicture => "Poze pentru dosarul copilului",
        Purpose::News => "Noutăți și evenimente",
        Purpose::ResearchContact => "Întrebări despre cercetări",
    }
}

const fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Mother => "Sunteți mama.",
        Ground::FatherMarriedOrRegistered => {
            "Sunteți tatăl, căsătorit cu mama sau trecut în certificatul de naștere."
        }
        Ground::CourtOrder => "Un tribunal v-a dat acest drept.",
        Ground::Agreement => "Aveți un acord de răspundere părintească.",
        Ground::Guardian => "Sunteți tutorele.",
        Ground::LocalAuthority => {
            "Hotărâți pentru autoritatea locală, printr-un ordin de îngrijire."
        }
        Ground::Delegated => "Cineva care poate hotărî v-a dat acest drept.",
        Ground::Understands => "Înțelegeți destul de bine ca să hotărâți singuri.",
    }
}

const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Seen => "Am văzut un act care arată asta.",
        Evidence::Declared => "Ne-ați spus așa.",
    }
}

const fn method(method: Method) -> &'static str {
    match method {
        Method::SignedOnScreen => "Semnat pe ecran",
        Method::ScannedPaper => "Semnat pe hârtie, pe care am scanat-o",
        Method::TypedWithWitness => "Nume scris în fața unui angajat",
    }
}

const fn help_had(help: Help) -> &'static str {
    match help {
        Help::None => "Nimeni",
        Help::Interpreter => "Un interpret",
        Help::ReadAloud => "Un angajat, care a citit cu voce tare",
    }
}

const fn at_expiry(at_expiry: AtExpiry) -> &'static str {
    match at_expiry {
        AtExpiry::NoNewUse => {
            "După aceea nu o mai folosim în alt loc. Ce este deja tipărit poate rămâne."
        }
        AtExpiry::Remove => "După aceea o ștergem.",
    }
}

const fn attribution_of(attribution: Attribution) -> &'static str {
    match attribution {
        Attribution::FullName => "Numele întreg",
        Attribution::FirstName => "Numai prenumele",
        Attribution::Anonymous => "Fără nume",
    }
}

const fn state(state: DecisionState) -> &'static str {
    match state {
        DecisionState::Given => "Aceasta este valabilă.",
        DecisionState::Renewed => "Aceasta este valabilă. Ați spus da și înainte.",
        DecisionState::Refused => "Ați spus nu la toate.",
        DecisionState::Withdrawn => "Tot ce ați acceptat este retras.",
        DecisionState::Expired => "Timpul ei a trecut.",
        DecisionState::Misrecorded => "A fost scrisă din greșeală și nu este valabilă.",
    }
}
