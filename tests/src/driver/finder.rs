//! Finds what stands on the screen as people name it: by what it is and what it is called.

use std::fmt;

use serde_json::{Value, json};

/// Something on the screen.
#[derive(Clone, Debug)]
pub struct What {
    role: &'static str,
    name: String,
    within: Option<String>,
}

impl What {
    fn of(role: &'static str, name: &str) -> Self {
        Self {
            role,
            name: name.to_owned(),
            within: None,
        }
    }

    /// Only inside the group, dialog or part of the page that has this name.
    #[must_use]
    pub fn within(mut self, place: &str) -> Self {
        self.within = Some(place.to_owned());
        self
    }

    pub(super) fn arguments(&self) -> Vec<Value> {
        vec![json!(self.role), json!(self.name), json!(self.within)]
    }
}

impl fmt::Display for What {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the {} “{}”", self.role, self.name)?;
        match &self.within {
            Some(place) => write!(out, " in “{place}”"),
            None => Ok(()),
        }
    }
}

/// A button.
#[must_use]
pub fn button(name: &str) -> What {
    What::of("button", name)
}

/// A field to type in, or to choose from.
#[must_use]
pub fn field(name: &str) -> What {
    What::of("field", name)
}

/// A tick box.
#[must_use]
pub fn checkbox(name: &str) -> What {
    What::of("checkbox", name)
}

/// One answer of several.
#[must_use]
pub fn radio(name: &str) -> What {
    What::of("radio", name)
}

/// A link.
#[must_use]
pub fn link(name: &str) -> What {
    What::of("link", name)
}

/// A heading.
#[must_use]
pub fn heading(name: &str) -> What {
    What::of("heading", name)
}

/// A script that may use what is below.
pub(super) fn script(body: &str) -> String {
    format!("{FINDER}\n{body}")
}

/// Names as assistive technology computes them, as far as the window's own markup needs it. An
/// exact name is preferred to one that begins so, and that to one that holds it.
const FINDER: &str = r#"
const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const roles = {
  button: 'button, summary', link: 'a[href]', heading: 'h1, h2, h3', checkbox: 'input[type=checkbox]', radio: 'input[type=radio]',
  field: 'input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea, select',
};
const places = 'fieldset, section, dialog, article, form, li, [role=group], [role=radiogroup], [role=search]';
const named = (ids) => tidy(ids.split(' ').map((id) => document.getElementById(id)?.textContent).join(' '));
const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (by) return named(by);
  const label = element.getAttribute('aria-label');
  if (label) return tidy(label);
  if (element.labels?.length) return tidy([...element.labels].map((each) => each.textContent).join(' '));
  if (element.matches(places)) return tidy(element.querySelector('legend, h1, h2, h3')?.textContent);
  return tidy(element.textContent);
};
const top = () => [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]');
const best = (elements, name) => {
  const all = elements.filter(shown);
  for (const fits of [(text) => text === name, (text) => text.startsWith(name), (text) => text.includes(name)]) {
    const found = all.find((element) => fits(nameOf(element)));
    if (found) return found;
  }
  return null;
};
const find = (role, name, within) => {
  const roots = within === null ? [top()] : [...top().querySelectorAll(places)].filter((place) => shown(place) && nameOf(place).startsWith(within));
  for (const root of roots) {
    const found = best([...root.querySelectorAll(roles[role])], name);
    if (found) return found;
  }
  return null;
};
const way = (role, name, within) => {
  const to = find(role, name, within);
  const from = document.activeElement;
  if (!to) return 'absent';
  if (to === from) return 'here';
  const after = (from.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  if (to.type === 'radio' && from.type === 'radio' && to.name === from.name) return after ? 'down' : 'up';
  return after ? 'forward' : 'back';
};
const seen = () => tidy(document.body.innerText) === '' ? '' : document.body.innerText;
"#;
