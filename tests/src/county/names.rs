//! Names of many origins. The family names are words for "example", "sample" or "pattern".

/// Where a name comes from.
pub(super) struct Origin {
    pub(super) given_names: &'static [&'static str],
    pub(super) family_names: &'static [&'static str],
}

pub(super) const ORIGINS: &[Origin] = &[
    Origin {
        given_names: &[
            "Amelia", "Oliver", "Isla", "George", "Poppy", "Harry", "Evie", "Freddie", "Grace",
            "Alfie", "Ruby", "Jack",
        ],
        family_names: &[
            "Sampleton",
            "Testerby",
            "Mockford",
            "Fauxley",
            "Specimen-Hall",
            "Exampleworth",
            "Dummett-Sample",
            "Placeholder",
        ],
    },
    Origin {
        given_names: &["Aoife", "Niamh", "Seán", "Órla", "Cillian", "Róisín"],
        family_names: &["O'Sample", "Mac Shampla", "O'Specimen", "Ní Shampla"],
    },
    Origin {
        given_names: &[
            "Paweł",
            "Zofia",
            "Michał",
            "Małgorzata",
            "Łukasz",
            "Agnieszka",
            "Staś",
            "Hania",
        ],
        family_names: &["Próbna", "Przykładowska", "Wzór-Łąkowska", "Przykładny"],
    },
    Origin {
        given_names: &["Ioana", "Ștefan", "Mihaela", "Răzvan", "Luca", "Bianca"],
        family_names: &["Exemplescu", "Mostră", "Pildaru"],
    },
    Origin {
        given_names: &["Ayesha", "Bilal", "Zainab", "Hamza", "Mariam", "Yusuf"],
        family_names: &["Misaal", "Namoona", "Khan-Misaal"],
    },
    Origin {
        given_names: &["Layla", "Omar", "Noor", "Ibrahim", "Salma", "Idris"],
        family_names: &["al-Mithal", "Mithali", "el-Namuzaj"],
    },
    Origin {
        given_names: &["Oksana", "Taras", "Daryna", "Bohdan", "Solomiya", "Marko"],
        family_names: &["Prykladenko", "Zrazkova", "Vzirets"],
    },
    Origin {
        given_names: &["Adéṣọlá", "Temitọ́pẹ́", "Chidi", "Ngozi", "Kwame", "Abena"],
        family_names: &["Àpẹẹrẹ", "Nhwɛso", "Ihe-Atụ"],
    },
    Origin {
        given_names: &["Đorđe", "Ana", "Ćiro", "Željka", "Luka", "Milica"],
        family_names: &["Đurić-Primjer", "Uzorak", "Primerović"],
    },
    Origin {
        given_names: &["Linh", "Minh", "An", "Bảo", "Thảo", "Quân"],
        family_names: &["Ví Dụ", "Mẫu", "Thí Dụ"],
    },
    Origin {
        given_names: &["Zeynep", "Emre", "Elif", "Yiğit", "Defne", "Çağla"],
        family_names: &["Örnekoğlu", "Örnek", "Numunecioğlu"],
    },
    Origin {
        given_names: &["María", "Íñigo", "Lucía", "João", "Inês", "Mateo"],
        family_names: &["de la Muestra", "Ejemplo", "Exemplo da Silva"],
    },
    Origin {
        given_names: &["Søren", "Åsa", "Freja", "Jürgen", "Zoë", "Anaïs"],
        family_names: &["Prøvesen", "Mønster", "Musterstraß", "L'Exemple"],
    },
    Origin {
        given_names: &["Hodan", "Abdi", "Ifrah", "Liban"],
        family_names: &["Tusaale", "Muunad"],
    },
    Origin {
        given_names: &["Arjun", "Priya", "Meera", "Rohan", "Anjali", "Kiran"],
        family_names: &["Udaharan", "Namuna", "Udāharaṇ-Patel"],
    },
    Origin {
        given_names: &["Mei", "Wei", "Jun", "Xiǎo Yǔ", "Hana", "Haruto"],
        family_names: &["Lìzi", "Yàngběn", "Rei"],
    },
];

pub(super) const STREETS: &[&str] = &[
    "Sample Street",
    "Pretend Lane",
    "Mock Orchard Close",
    "Invention Row",
    "Placeholder Road",
    "Specimen Avenue",
    "Fable Court",
    "Example Terrace",
];

pub(super) const ALLERGIES: &[&str] = &[
    "Peanuts",
    "Milk",
    "Eggs",
    "Sesame",
    "Bee stings",
    "Penicillin",
    "Plasters",
];
