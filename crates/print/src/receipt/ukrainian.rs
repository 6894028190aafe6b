//! A receipt in Ukrainian: a draft, to be checked by a translator. It is used only for decisions that were asked
//! in Ukrainian, which is done only where the county has approved a text in it.

use porch_domain::authority::{Evidence, Ground};
use porch_domain::consent::DecisionState;
use porch_domain::decision::{AtExpiry, Attribution, Help, Method, Purpose};

use super::words::Words;

pub(super) const WORDS: Words = Words {
    language: "uk",
    months: [
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ],
    title: "Ваше підтвердження",
    lead: "Тут написано, що ви вирішили і як це змінити. Будь ласка, збережіть цей папір.",
    reference: "Ваш номер",
    for_child: "Ваші відповіді щодо: {name}",
    for_self: "Ваші відповіді щодо вас",
    about: "Для чого",
    yes: "Так",
    no: "Ні",
    because: "Чому ви можете вирішувати",
    good_until: "Дійсно до",
    until_is: "{date}. {then}",
    no_end: "Ви змінюєте рішення",
    attribution: "Ім’я біля ваших слів",
    in_place_of: "Замість",
    today: "На {date}",
    today_is: "Відтоді скасовано: {places}.",
    how_heading: "Як це було",
    who: "Хто вирішив",
    erased: "Дані цієї людини стерто",
    when: "Коли",
    when_is: "{date}, {time}",
    how: "Як",
    help: "Хто допоміг прочитати",
    taken_by: "Хто прийняв відповідь",
    witness: "Хто це бачив",
    centre: "Де",
    device: "На пристрої номер",
    change_heading: "Якщо ви передумаєте",
    change: "Ви можете передумати будь-якого дня і не пояснювати чому. Скажіть нам у будь-якому центрі або напишіть відповідальному за захист даних (Data Protection Officer).",
    shown_heading: "Слова, які вам показали",
    shown: "Це саме ті слова.",
    not_here: "Цього тексту немає на цьому комп’ютері. Попросіть його в нас за кодом нижче.",
    wording: "Запитання",
    notice: "Повідомлення про дані",
    version: "{name}, версія {version}, мова {language}",
    text_code: "Код тексту",
    check_heading: "Як перевірити цей папір",
    check: "Запитайте в будь-якому центрі або у відповідального за захист даних. За номером і кодом ми скажемо, які відповіді є в наших записах.",
    number: "Номер",
    code: "Код",
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
        Purpose::PublicityPicture => "Фото, щоб показати іншим, що ми робимо",
        Purpose::PublicityQuote => "Ваші слова, щоб показати іншим, що ми робимо",
        Purpose::DevelopmentPicture => "Фото для записів про дитину",
        Purpose::News => "Новини та події",
        Purpose::ResearchContact => "Запитання про дослідження",
    }
}

const fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Mother => "Ви мати.",
        Ground::FatherMarriedOrRegistered => {
            "Ви батько: одружені з матір’ю або записані у свідоцтві про народження."
        }
        Ground::CourtOrder => "Це право вам дав суд.",
        Ground::Agreement => "У вас є угода про батьківську відповідальність.",
        Ground::Guardian => "Ви опікун.",
        Ground::LocalAuthority => "Ви вирішуєте за місцеву владу за наказом про опіку.",
        Ground::Delegated => "Це право вам передала людина, яка може вирішувати.",
        Ground::Understands => "Ви розумієте це достатньо, щоб вирішувати за себе.",
    }
}

const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Seen => "Ми бачили документ про це.",
        Evidence::Declared => "Ви нам так сказали.",
    }
}

const fn method(method: Method) -> &'static str {
    match method {
        Method::SignedOnScreen => "Підпис на екрані",
        Method::ScannedPaper => "Підпис на папері, який ми відсканували",
        Method::TypedWithWitness => "Ім’я, написане при працівникові",
    }
}

const fn help_had(help: Help) -> &'static str {
    match help {
        Help::None => "Ніхто",
        Help::Interpreter => "Перекладач",
        Help::ReadAloud => "Працівник, який прочитав уголос",
    }
}

const fn at_expiry(at_expiry: AtExpiry) -> &'static str {
    match at_expiry {
        AtExpiry::NoNewUse => {
            "Після цього ми не використовуємо це по-новому. Що вже надруковано, може залишитися."
        }
        AtExpiry::Remove => "Після цього ми це видаляємо.",
    }
}

const fn attribution_of(attribution: Attribution) -> &'static str {
    match attribution {
        Attribution::FullName => "Повне ім’я",
        Attribution::FirstName => "Тільки ім’я",
        Attribution::Anonymous => "Без імені",
    }
}

const fn state(state: DecisionState) -> &'static str {
    match state {
        DecisionState::Given => "Це рішення діє.",
        DecisionState::Renewed => "Це рішення діє. Ви й раніше казали «так».",
        DecisionState::Refused => "Ви сказали «ні» на все.",
        DecisionState::Withdrawn => "Усе, на що ви погодилися, скасовано.",
        DecisionState::Expired => "Його час минув.",
        DecisionState::Misrecorded => "Його записали помилково, і воно не діє.",
    }
}
