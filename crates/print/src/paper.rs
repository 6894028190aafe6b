//! What a paper says, before it has pages.

/// How large the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextSize {
    /// 11 points.
    Normal,
    /// 18 points: large print.
    Large,
}

impl TextSize {
    /// In points.
    pub(crate) const fn points(self) -> f32 {
        match self {
            Self::Normal => 11.0,
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

impl Paper {
    /// All that it says, paragraph by paragraph, without the foot of its pages: for whoever has
    /// a preview read out.
    pub fn text(&self) -> Vec<String> {
        let mut said = vec![self.title.clone()];
        for block in &self.blocks {
            match block {
                Block::Heading(text) | Block::Text(text) => said.push(text.clone()),
                Block::Rows(rows) => {
                    said.extend(
                        rows.iter()
                            .map(|row| format!("{}: {}", row.label, row.text)),
                    );
                }
                Block::Quote { paragraphs, .. } => said.extend(paragraphs.iter().cloned()),
            }
        }
        said
    }
}
