//! A receipt in Polish: a draft, to be checked by a translator. It is used only for decisions that were asked
//! in Polish, which is done only where the county has approved a text in it.

use porch_domain::authority::{Evidence, Ground};
use porch_domain::consent::DecisionState;
use porch_domain::decision::{AtExpiry, Attribution, Help, Method, Purpose};

use super::words::Words;

pub(super) const WORDS: Words = Words {
    language: "pl",
    months: [
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "września",
        "października",
        "listopada",
        "grudnia",
    ],
    title: "Potwierdzenie",
    lead: "Oto Państwa decyzja i sposób, w jaki można ją zmienić. Prosimy zachować tę kartkę.",
    reference: "Numer sprawy",
    for_child: "Odpowiedzi dotyczące: {name}",
    for_self: "Odpowiedzi dotyczące Pani lub Pana",
    about: "W jakim celu",
    yes: "Tak",
    no: "Nie",
    because: "Dlaczego ta osoba może decydować",
    good_until: "Ważne do",
    until_is: "{date}. {then}",
    no_end: "Zmiany decyzji",
    attribution: "Nazwisko przy słowach",
    in_place_of: "Zamiast",
    today: "Dnia {date}",
    today_is: "Od tego czasu cofnięto: {places}.",
    how_heading: "Jak to się odbyło",
    who: "Kto zdecydował",
    erased: "Dane tej osoby zostały usunięte",
    when: "Kiedy",
    when_is: "{date}, {time}",
    how: "W jaki sposób",
    help: "Kto pomógł w czytaniu",
    taken_by: "Kto przyjął decyzję",
    witness: "Kto był świadkiem",
    centre: "Gdzie",
    device: "Urządzenie numer",
    change_heading: "Jeśli zmienią Państwo zdanie",
    change: "Zdanie można zmienić każdego dnia, bez podawania powodu. Wystarczy powiedzieć w dowolnym ośrodku albo napisać do inspektora ochrony danych (Data Protection Officer).",
    shown_heading: "Słowa, które Państwo czytali",
    shown: "To są dokładnie te słowa.",
    not_here: "Tego tekstu nie ma na tym komputerze. Można o niego poprosić, podając kod poniżej.",
    wording: "Pytanie",
    notice: "Informacja o danych",
    version: "{name}, wersja {version}, język {language}",
    text_code: "Kod tekstu",
    check_heading: "Jak sprawdzić tę kartkę",
    check: "Proszę zapytać w dowolnym ośrodku albo inspektora ochrony danych. Po numerze i kodzie sprawdzimy, jakie odpowiedzi są w naszych zapisach.",
    number: "Numer",
    code: "Kod",
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
        Purpose::PublicityPicture => "Zdjęcia, które pokazują innym, co robimy",
        Purpose::PublicityQuote => "Państwa słowa, które pokazują innym, co robimy",
        Purpose::DevelopmentPicture => "Zdjęcia do dokumentacji dziecka",
        Purpose::News => "Wiadomości i wydarzenia",
        Purpose::ResearchContact => "Pytania o udział w badaniach",
    }
}

const fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Mother => "Jest Pani matką.",
        Ground::FatherMarriedOrRegistered => {
            "Jest Pan ojcem, mężem matki lub wpisanym w akcie urodzenia."
        }
        Ground::CourtOrder => "Prawo to nadał sąd.",
        Ground::Agreement => "Jest umowa o odpowiedzialności rodzicielskiej.",
        Ground::Guardian => "Jest Pani lub Pan opiekunem prawnym.",
        Ground::LocalAuthority => "Decyzja w imieniu władz lokalnych, na mocy nakazu opieki.",
        Ground::Delegated => "Prawo to przekazała osoba, która może decydować.",
        Ground::Understands => "Rozumiesz to na tyle dobrze, by decydować o sobie.",
    }
}

const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Seen => "Widzieliśmy dokument, który to potwierdza.",
        Evidence::Declared => "Tak nam powiedziano.",
    }
}

const fn method(method: Method) -> &'static str {
    match method {
        Method::SignedOnScreen => "Podpis na ekranie",
        Method::ScannedPaper => "Podpis na papierze, który zeskanowaliśmy",
        Method::TypedWithWitness => "Imię i nazwisko wpisane przy pracowniku",
    }
}

const fn help_had(help: Help) -> &'static str {
    match help {
        Help::None => "Nikt",
        Help::Interpreter => "Tłumacz",
        Help::ReadAloud => "Pracownik, który przeczytał to na głos",
    }
}

const fn at_expiry(at_expiry: AtExpiry) -> &'static str {
    match at_expiry {
        AtExpiry::NoNewUse => {
            "Potem nie użyjemy tego w nowy sposób. To, co już wydrukowano, może zostać."
        }
        AtExpiry::Remove => "Potem to usuniemy.",
    }
}

const fn attribution_of(attribution: Attribution) -> &'static str {
    match attribution {
        Attribution::FullName => "Imię i nazwisko",
        Attribution::FirstName => "Tylko imię",
        Attribution::Anonymous => "Bez nazwiska",
    }
}

const fn state(state: DecisionState) -> &'static str {
    match state {
        DecisionState::Given => "Ta decyzja obowiązuje.",
        DecisionState::Renewed => "Ta decyzja obowiązuje. Wcześniej też była zgoda.",
        DecisionState::Refused => "Odpowiedź na wszystko brzmi: nie.",
        DecisionState::Withdrawn => "Wszystkie zgody zostały cofnięte.",
        DecisionState::Expired => "Jej czas minął.",
        DecisionState::Misrecorded => "Zapisano ją przez pomyłkę i nie obowiązuje.",
    }
}
