//! What a paper says, before it has pages.

/// How large the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextSize {
    /// 12 points.
    Normal,
    /// 18 points: large print.
    Large,
}

impl TextSize {
    /// In points.
    pub(crate) const fn points(self) -> f32 {
        match self {
            Self::Normal => 12.0,
            Self::Large => 18.0,
        }
    }
}

/// A paper: a title and what follows it. A text runs from right to left where its language does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its title, also that of the PDF.
    pub title: String,
    /// Its language: a BCP 47 tag.
    pub language: String,
    /// At the foot of each page, before the number of the page.
    pub foot: String,
    /// What follows the title.
    pub blocks: Vec<Block>,
}

/// A part of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Labels, each with what it is about.
    Rows(Vec<Row>),
    /// Paragraphs that were said elsewhere, word for word, in a language of their own.
    Quote {
        /// A BCP 47 tag.
        language: String,
        /// The paragraphs.
        paragraphs: Vec<String>,
    },
}

/// A label and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The label.
    pub label: String,
    /// What it is about.
    pub text: String,
}

impl Row {
    /// A row of these two.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            text: text.into(),
        }
    }
}

/// A text in its language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// A BCP 47 tag.
    pub language: String,
    /// The text.
    pub text: String,
}

impl Said {
    /// This text in this language.
    pub fn new(language: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            language: language.into(),
            text: text.into(),
        }
    }

    /// A paragraph of a paper in `language`: its own, or one that is quoted.
    pub(crate) fn block(&self, language: &str) -> Block {
        if self.language == language {
            Block::Text(self.text.clone())
        } else {
            Block::Quote {
                language: self.language.clone(),
                paragraphs: vec![self.text.clone()],
            }
        }
    }
}

impl Paper {
    /// All that it says, paragraph by paragraph, without the foot of its pages: for whoever has
    /// a preview read out.
    pub fn text(&self) -> Vec<Said> {
        let own = |text: &str| Said::new(&self.language, text);
        let mut said = vec![own(&self.title)];
        for block in &self.blocks {
            match block {
                Block::Heading(text) | Block::Text(text) => said.push(own(text)),
                Block::Rows(rows) => {
                    let rows = rows.iter();
                    said.extend(rows.map(|row| own(&format!("{}: {}", row.label, row.text))));
                }
                Block::Quote {
                    language,
                    paragraphs,
                } => {
                    let paragraphs = paragraphs.iter();
                    said.extend(paragraphs.map(|text| Said::new(language, text)));
                }
            }
        }
        said
    }
}
