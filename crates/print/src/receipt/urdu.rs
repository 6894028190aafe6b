//! A receipt in Urdu: a draft, to be checked by a translator. It is used only for decisions that were asked
//! in Urdu, which is done only where the county has approved a text in it.

use porch_domain::authority::{Evidence, Ground};
use porch_domain::consent::DecisionState;
use porch_domain::decision::{AtExpiry, Attribution, Help, Method, Purpose};

use super::words::Words;

pub(super) const WORDS: Words = Words {
    language: "ur",
    months: [
        "جنوری",
        "فروری",
        "مارچ",
        "اپریل",
        "مئی",
        "جون",
        "جولائی",
        "اگست",
        "ستمبر",
        "اکتوبر",
        "نومبر",
        "دسمبر",
    ],
    title: "آپ کی رسید",
    lead: "یہ آپ کا فیصلہ ہے، اور یہ کہ آپ اسے کیسے بدل سکتے ہیں۔ مہربانی کر کے اسے سنبھال کر رکھیں۔",
    reference: "آپ کا نمبر",
    for_child: "{name} کے بارے میں آپ کے جواب",
    for_self: "آپ کے اپنے بارے میں جواب",
    about: "کس لیے",
    yes: "ہاں",
    no: "نہیں",
    because: "آپ کیوں فیصلہ کر سکتے ہیں",
    good_until: "کب تک",
    until_is: "{date}۔ {then}",
    no_end: "جب تک آپ نہ بدلیں",
    attribution: "آپ کی بات کے ساتھ نام",
    in_place_of: "اس کی جگہ",
    today: "تاریخ {date}",
    today_is: "اس کے بعد واپس لیا گیا: {places}۔",
    how_heading: "یہ کیسے ہوا",
    who: "کس نے فیصلہ کیا",
    erased: "اس شخص کا ریکارڈ مٹا دیا گیا ہے",
    when: "کب",
    when_is: "{date}، {time}",
    how: "کیسے",
    help: "پڑھنے میں کس نے مدد کی",
    taken_by: "جواب کس نے لیا",
    witness: "کس نے دیکھا",
    centre: "کہاں",
    device: "آلہ نمبر",
    change_heading: "اگر آپ ارادہ بدلیں",
    change: "آپ کسی بھی دن ارادہ بدل سکتے ہیں اور وجہ بتانا ضروری نہیں۔ کسی بھی مرکز میں بتائیں یا ڈیٹا پروٹیکشن آفیسر (Data Protection Officer) کو لکھیں۔",
    shown_heading: "وہ الفاظ جو آپ کو دکھائے گئے",
    shown: "یہ بالکل وہی الفاظ ہیں۔",
    not_here: "یہ عبارت اس کمپیوٹر پر نہیں ہے۔ نیچے کے کوڈ سے ہم سے مانگیں۔",
    wording: "سوال",
    notice: "رازداری کا نوٹس",
    version: "{name}، نسخہ {version}، زبان {language}",
    text_code: "عبارت کا کوڈ",
    check_heading: "یہ کاغذ کیسے جانچا جا سکتا ہے",
    check: "کسی بھی مرکز میں یا ڈیٹا پروٹیکشن آفیسر سے پوچھیں۔ نمبر اور کوڈ سے ہم بتا سکتے ہیں کہ ہمارے ریکارڈ میں کون سے جواب ہیں۔",
    number: "نمبر",
    code: "کوڈ",
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
        Purpose::PublicityPicture => "تصویریں، تاکہ دوسرے دیکھیں کہ ہم کیا کرتے ہیں",
        Purpose::PublicityQuote => "آپ کے الفاظ، تاکہ دوسرے جانیں کہ ہم کیا کرتے ہیں",
        Purpose::DevelopmentPicture => "بچے کے ریکارڈ کے لیے تصویریں",
        Purpose::News => "خبریں اور پروگرام",
        Purpose::ResearchContact => "تحقیق کے بارے میں پوچھنا",
    }
}

const fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Mother => "آپ ماں ہیں۔",
        Ground::FatherMarriedOrRegistered => {
            "آپ والد ہیں، ماں سے شادی شدہ یا پیدائش کے سرٹیفکیٹ میں درج۔"
        }
        Ground::CourtOrder => "یہ حق آپ کو عدالت نے دیا۔",
        Ground::Agreement => "آپ کے پاس والدین کی ذمہ داری کا معاہدہ ہے۔",
        Ground::Guardian => "آپ سرپرست ہیں۔",
        Ground::LocalAuthority => "آپ نگہداشت کے حکم کے تحت مقامی حکومت کی طرف سے فیصلہ کرتے ہیں۔",
        Ground::Delegated => "یہ حق آپ کو اس نے دیا جو فیصلہ کر سکتا ہے۔",
        Ground::Understands => "آپ اپنا فیصلہ خود کرنے کے لیے اسے کافی سمجھتے ہیں۔",
    }
}

const fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Seen => "ہم نے اس کا کاغذ دیکھا۔",
        Evidence::Declared => "آپ نے ہمیں یہ بتایا۔",
    }
}

const fn method(method: Method) -> &'static str {
    match method {
        Method::SignedOnScreen => "اسکرین پر دستخط",
        Method::ScannedPaper => "کاغذ پر دستخط، جسے ہم نے اسکین کیا",
        Method::TypedWithWitness => "عملے کے سامنے لکھا ہوا نام",
    }
}

const fn help_had(help: Help) -> &'static str {
    match help {
        Help::None => "کسی نے نہیں",
        Help::Interpreter => "مترجم",
        Help::ReadAloud => "عملے کے ایک فرد نے، پڑھ کر سنایا",
    }
}

const fn at_expiry(at_expiry: AtExpiry) -> &'static str {
    match at_expiry {
        AtExpiry::NoNewUse => {
            "اس کے بعد ہم اسے کسی نئی جگہ استعمال نہیں کرتے۔ جو چھپ چکا ہے وہ رہ سکتا ہے۔"
        }
        AtExpiry::Remove => "اس کے بعد ہم اسے ہٹا دیتے ہیں۔",
    }
}

const fn attribution_of(attribution: Attribution) -> &'static str {
    match attribution {
        Attribution::FullName => "پورا نام",
        Attribution::FirstName => "صرف پہلا نام",
        Attribution::Anonymous => "کوئی نام نہیں",
    }
}

const fn state(state: DecisionState) -> &'static str {
    match state {
        DecisionState::Given => "یہی مانا جاتا ہے۔",
        DecisionState::Renewed => "یہی مانا جاتا ہے۔ آپ نے پہلے بھی ہاں کہی تھی۔",
        DecisionState::Refused => "آپ نے ہر چیز کو نہیں کہا۔",
        DecisionState::Withdrawn => "آپ کی ہر ہاں واپس لے لی گئی ہے۔",
        DecisionState::Expired => "اس کی مدت ختم ہو گئی۔",
        DecisionState::Misrecorded => "یہ غلطی سے لکھا گیا اور مانا نہیں جاتا۔",
    }
}
