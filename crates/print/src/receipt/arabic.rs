//! A receipt in Arabic: a draft, to be checked by a translator. It is used only for decisions that were asked
//! in Arabic, which is done only where the county has approved a text in it.

use porch_domain::authority::{Evidence, Ground};
use porch_domain::consent::DecisionState;
use porch_domain::decision::{AtExpiry, Attribution, Help, Method, Purpose};

use super::words::Words;

pub(super) const WORDS: Words = Words {
    language: "ar",
    months: [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    title: "إيصالكم",
    lead: "هذا ما قررتموه وكيف يمكنكم تغييره. يرجى الاحتفاظ به.",
    reference: "رقمكم",
    for_child: "أجوبتكم عن {name}",
    for_self: "أجوبتكم عن أنفسكم",
    about: "لأي غرض",
    yes: "نعم",
    no: "لا",
    because: "لماذا يحق لكم أن تقرروا",
    good_until: "صالح حتى",
    until_is: "{date}. {then}",
    no_end: "أن تغيروه",
    attribution: "الاسم مع كلماتكم",
    in_place_of: "بدلًا من",
    today: "في {date}",
    today_is: "سُحب منذ ذلك الحين: {places}.",
    how_heading: "كيف تم ذلك",
    who: "من قرر",
    erased: "مُحيت بيانات هذا الشخص",
    when: "متى",
    when_is: "{date}، {time}",
    how: "كيف",
    help: "من ساعدكم على القراءة",
    taken_by: "من أخذ الجواب",
    witness: "من رأى ذلك",
    centre: "أين",
    device: "على الجهاز رقم",
    change_heading: "إذا غيرتم رأيكم",
    change: "يمكنكم تغيير رأيكم في أي يوم دون ذكر السبب. أخبرونا في أي مركز، أو اكتبوا إلى مسؤول حماية البيانات (Data Protection Officer).",
    shown_heading: "الكلمات التي عُرضت عليكم",
    shown: "هذه هي الكلمات نفسها.",
    not_here: "هذا النص ليس على هذا الحاسوب. اطلبوه منا بالرمز أدناه.",
    wording: "السؤال",
    notice: "إشعار الخصوصية",
    version: "{name}، النسخة {version}، اللغة {language}",
    text_code: "رمز النص",
    check_heading: "كيف يمكن التحقق من هذه الورقة",
    check: "اسألوا في أي مركز أو اسألوا مسؤول حماية البيانات. بالرقم والرمز نخبركم بالأجوبة الموجودة في سجلاتنا.",
    number: "الرقم",
    code: "الرمز",
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
        Purpose::PublicityPicture => "صور لنُري الآخرين ما نعمله",
        Purpose::PublicityQuote => "كلماتكم لنُري الآخرين ما نعمله",
        Purpose::DevelopmentPicture => "صور لسجل الطفل",
        Purpose::News => "الأخبار والفعاليات",
        Purpose::ResearchContact => "السؤال عن البحوث",
    }
}

const fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Mother => "أنتم الأم.",
        Ground::FatherMarriedOrRegistered => "أنتم الأب، متزوج من الأم أو مذكور في شهادة الميلاد.",
        Ground::CourtOrder => "أعطتكم محكمة هذا الحق.",
        Ground::Agreement => "لديكم اتفاق على المسؤولية الأبوية.",
        Ground::Guardian => "أنتم الوصي.",
        Ground::LocalAuthority => "تقررون عن السلطة المحلية بموجب أمر رعاية.",
        Ground::Delegated => "نقل إليكم هذا الحق شخص يحق له أن يقرر.",
        Ground::Understands => "تفهمون الأمر بما يكفي لتقرروا عن أنفسكم.",
    }
}

const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Seen => "رأينا ورقة تثبت ذلك.",
        Evidence::Declared => "أخبرتمونا بذلك.",
    }
}

const fn method(method: Method) -> &'static str {
    match method {
        Method::SignedOnScreen => "توقيع على الشاشة",
        Method::ScannedPaper => "توقيع على ورق صورناه",
        Method::TypedWithWitness => "اسم مكتوب أمام أحد الموظفين",
    }
}

const fn help_had(help: Help) -> &'static str {
    match help {
        Help::None => "لا أحد",
        Help::Interpreter => "مترجم",
        Help::ReadAloud => "أحد الموظفين، قرأه بصوت عال",
    }
}

const fn at_expiry(at_expiry: AtExpiry) -> &'static str {
    match at_expiry {
        AtExpiry::NoNewUse => "بعد ذلك لا نستخدمه من جديد. ما طُبع يمكن أن يبقى.",
        AtExpiry::Remove => "بعد ذلك نزيله.",
    }
}

const fn attribution_of(attribution: Attribution) -> &'static str {
    match attribution {
        Attribution::FullName => "الاسم الكامل",
        Attribution::FirstName => "الاسم الأول فقط",
        Attribution::Anonymous => "بلا اسم",
    }
}

const fn state(state: DecisionState) -> &'static str {
    match state {
        DecisionState::Given => "هذا هو المعمول به.",
        DecisionState::Renewed => "هذا هو المعمول به. قلتم نعم من قبل أيضًا.",
        DecisionState::Refused => "قلتم لا لكل شيء.",
        DecisionState::Withdrawn => "سُحب كل ما قلتم له نعم.",
        DecisionState::Expired => "انتهت مدته.",
        DecisionState::Misrecorded => "كُتب بالخطأ ولا يُعمل به.",
    }
}
