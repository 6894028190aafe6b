//! Pages: what stands where.

use crate::PrintError;
use crate::face::{Faces, Style};
use crate::line::{Line, lines, width};
use crate::paper::{Block, Paper, Row, TextSize};
use crate::shape::is_rtl;

/// A4, in points.
pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;
/// 18 millimetres.
pub(crate) const MARGIN: f32 = 51.0;
/// Where the text ends and the foot begins, from the top.
const BOTTOM: f32 = HEIGHT - MARGIN - 20.0;
const MEASURE: f32 = WIDTH - 2.0 * MARGIN;
/// How much of the width labels take, where they stand beside their text.
const LABELS: f32 = 0.32;
const GUTTER: f32 = 12.0;

/// Which part of the paper a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Title,
    /// A heading, a paragraph or, by its number, one of several.
    Block(usize, usize),
    Label(usize, usize),
    Cell(usize, usize),
    /// The foot of the page, which no reader reads out.
    Foot,
}

/// A line at its place.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) place: Place,
    pub(crate) line: Line,
    /// From the left and from the top of the page, in points.
    pub(crate) x: f32,
    pub(crate) top: f32,
}

/// A page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) marks: Vec<Mark>,
    /// How far from the top thin lines lie, from margin to margin.
    pub(crate) rules: Vec<f32>,
}

/// A paper with its pages.
pub struct Pages {
    pub(crate) paper: Paper,
    pub(crate) faces: Faces,
    pub(crate) pages: Vec<Page>,
}

impl Paper {
    /// Gives the paper its pages.
    ///
    /// # Errors
    /// [`PrintError::Font`].
    pub fn lay_out(self, size: TextSize) -> Result<Pages, PrintError> {
        let faces = Faces::read()?;
        let mut layout = Layout {
            faces: &faces,
            paper: &self,
            size: size.points(),
            pages: vec![Page::default()],
            y: MARGIN,
        };
        layout.title();
        for (number, block) in self.blocks.iter().enumerate() {
            layout.block(number, block, size);
        }
        layout.feet();
        let pages = layout.pages;
        Ok(Pages {
            paper: self,
            faces,
            pages,
        })
    }
}

struct Layout<'a> {
    faces: &'a Faces,
    paper: &'a Paper,
    size: f32,
    pages: Vec<Page>,
    /// Where the next line begins, from the top of the page.
    y: f32,
}

impl Layout<'_> {
    fn style(&self, factor: f32, bold: bool) -> Style<'static> {
        // The language of the paper is set where lines are made.
        Style {
            language: "",
            bold,
            size: self.size * factor,
        }
    }

    fn lines(&self, text: &str, style: Style<'static>, width: f32) -> Vec<Line> {
        let language = &self.paper.language;
        lines(self.faces, text, Style { language, ..style }, width)
    }

    fn title(&mut self) {
        let title = self.lines(&self.paper.title, self.style(1.7, true), MEASURE);
        self.flow(Place::Title, title);
        self.rule();
    }

    fn block(&mut self, number: usize, block: &Block, size: TextSize) {
        match block {
            Block::Heading(text) => {
                let heading = self.lines(text, self.style(1.25, true), MEASURE);
                self.space(1.0);
                // A heading does not stand alone at the end of a page.
                let height: f32 = heading.iter().map(|line| line.height).sum();
                self.room(height + 4.0 * self.size);
                self.flow(Place::Block(number, 0), heading);
            }
            Block::Text(text) => {
                self.space(0.5);
                let lines = self.lines(text, self.style(1.0, false), MEASURE);
                self.flow(Place::Block(number, 0), lines);
            }
            Block::Quote {
                language,
                paragraphs,
            } => {
                for (paragraph, text) in paragraphs.iter().enumerate() {
                    self.space(0.5);
                    let style = self.style(1.0, false);
                    let style = Style { language, ..style };
                    let lines = lines(self.faces, text, style, MEASURE);
                    self.flow(Place::Block(number, paragraph), lines);
                }
            }
            Block::Rows(rows) => {
                self.space(0.5);
                for (row, text) in rows.iter().enumerate() {
                    self.row(number, row, text, size);
                }
                self.rule();
            }
        }
    }

    /// A label beside its text; in large print above it.
    fn row(&mut self, block: usize, row: usize, Row { label, text }: &Row, size: TextSize) {
        let beside = |part: f32| MEASURE * part - GUTTER / 2.0;
        let labels = self.lines(label, self.style(1.0, true), beside(LABELS));
        let texts = self.lines(text, self.style(1.0, false), beside(1.0 - LABELS));
        let height = |lines: &[Line]| lines.iter().map(|line| line.height).sum::<f32>();
        // Label and text stand on one line, also where one of them is in a taller script.
        let ascent = |lines: &[Line]| lines.first().map_or(0.0, |line| line.ascent);
        let both = ascent(&labels).max(ascent(&texts));
        let (label_down, text_down) = (both - ascent(&labels), both - ascent(&texts));
        let tall = (height(&labels) + label_down).max(height(&texts) + text_down);
        if size == TextSize::Normal && tall < BOTTOM - MARGIN {
            self.room(tall + self.size * 0.4);
            self.rule();
            let top = self.y;
            self.y += label_down;
            let across = MEASURE - beside(1.0 - LABELS);
            let (label_x, text_x) = if is_rtl(&self.paper.language) {
                (MARGIN + MEASURE - beside(LABELS), MARGIN)
            } else {
                (MARGIN, MARGIN + across)
            };
            self.place(Place::Label(block, row), labels, label_x);
            let below = self.y;
            self.y = top + text_down;
            self.place(Place::Cell(block, row), texts, text_x);
            self.y = self.y.max(below) + self.size * 0.2;
        } else {
            let labels = self.lines(label, self.style(1.0, true), MEASURE);
            let texts = self.lines(text, self.style(1.0, false), MEASURE);
            self.room(height(&labels) + 2.0 * self.size);
            self.rule();
            self.flow(Place::Label(block, row), labels);
            self.flow(Place::Cell(block, row), texts);
            self.space(0.2);
        }
    }

    /// Places lines across the whole width, and goes on overleaf.
    fn flow(&mut self, place: Place, lines: Vec<Line>) {
        for line in lines {
            self.room(line.height);
            self.place(place, vec![line], MARGIN);
        }
    }

    /// Places lines below each other on this page.
    fn place(&mut self, place: Place, lines: Vec<Line>, x: f32) {
        for line in lines {
            let top = self.y;
            self.y += line.height;
            self.page().marks.push(Mark {
                place,
                line,
                x,
                top,
            });
        }
    }

    /// Begins another page when less than `height` is left on this one.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > MARGIN {
            self.pages.push(Page::default());
            self.y = MARGIN;
        }
    }

    /// Some space, in parts of the type size; none at the top of a page.
    fn space(&mut self, factor: f32) {
        if self.y > MARGIN {
            self.y += factor * self.size;
        }
    }

    fn rule(&mut self) {
        let y = self.y + self.size * 0.1;
        self.page().rules.push(y);
        self.y += self.size * 0.3;
    }

    fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.pages.push(Page::default());
        }
        let last = self.pages.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "there is a last page: see above")]
        &mut self.pages[last]
    }

    fn feet(&mut self) {
        let count = self.pages.len();
        let style = Style {
            language: &self.paper.language,
            ..self.style(0.8, false)
        };
        for (index, page) in self.pages.iter_mut().enumerate() {
            let foot = format!("{} · {}/{count}", self.paper.foot, index + 1);
            let across = width(self.faces, &foot, style).min(MEASURE);
            let lines = lines(self.faces, &foot, style, MEASURE);
            // In the middle, whichever way the language runs.
            let side = (MEASURE - across) / 2.0;
            let x = if is_rtl(&self.paper.language) {
                MARGIN - side
            } else {
                MARGIN + side
            };
            page.marks
                .extend(lines.into_iter().take(1).map(|line| Mark {
                    place: Place::Foot,
                    line,
                    x,
                    top: BOTTOM + 8.0,
                }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_paper() -> Paper {
        Paper {
            title: "A long paper".into(),
            language: "en".into(),
            foot: "ABCD-1234".into(),
            blocks: (0..30)
                .flat_map(|number| {
                    [
                        Block::Heading(format!("Heading {number}")),
                        Block::Text("Some words that are said of it. ".repeat(8)),
                        Block::Rows(vec![Row::new("Label", "Text ".repeat(30))]),
                    ]
                })
                .collect(),
        }
    }

    #[test]
    fn nothing_stands_beyond_the_margins_and_nothing_is_lost() {
        for size in [TextSize::Normal, TextSize::Large] {
            let paper = long_paper();
            let pages = paper.clone().lay_out(size).unwrap();
            assert!(pages.pages.len() > 2);
            for mark in pages.pages.iter().flat_map(|page| &page.marks) {
                let end = mark.top + mark.line.height;
                let foot = mark.place == Place::Foot;
                assert!(mark.top >= MARGIN && (end <= BOTTOM + 0.01 || foot));
                for (x, piece) in mark.line.pieces.iter().filter(|(_, piece)| !piece.is_space) {
                    let right = mark.x + x + piece.width * mark.line.size;
                    assert!(mark.x + x >= MARGIN - 0.01 && right <= WIDTH - MARGIN + 0.01);
                }
            }
            let said: String = pages
                .pages
                .iter()
                .flat_map(|page| &page.marks)
                .filter(|mark| mark.place != Place::Foot)
                .map(|mark| mark.line.text())
                .collect();
            let wanted: String = paper.text().into_iter().map(|said| said.text).collect();
            let wanted = wanted.replace("Label: ", "Label");
            assert_eq!(said, wanted);
        }
    }

    #[test]
    fn label_and_text_stand_on_one_line_in_any_scripts() {
        let paper = Paper {
            title: "عنوان".into(),
            language: "ur".into(),
            foot: String::new(),
            blocks: vec![Block::Rows(vec![Row::new("کس نے", "Zofia")])],
        };
        let pages = paper.lay_out(TextSize::Normal).unwrap();
        let line = |place| {
            let mut marks = pages.pages[0].marks.iter();
            let mark = marks.find(|mark| mark.place == place).unwrap();
            mark.top + mark.line.ascent
        };
        assert!((line(Place::Label(0, 0)) - line(Place::Cell(0, 0))).abs() < 0.01);
    }

    #[test]
    fn a_heading_never_ends_a_page() {
        let pages = long_paper().lay_out(TextSize::Normal).unwrap();
        for page in &pages.pages {
            let last = page.marks.iter().rfind(|mark| mark.place != Place::Foot);
            assert!(
                !matches!(last.map(|mark| mark.place), Some(Place::Block(block, _)) if block % 3 == 0)
            );
        }
    }
}
