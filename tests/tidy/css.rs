//! Styles that read from either side: start and end, never left and right.

use crate::repository::Text;

const PHYSICAL: &[&str] = &[
    "left",
    "right",
    "margin-left",
    "margin-right",
    "padding-left",
    "padding-right",
    "border-left",
    "border-right",
    "border-left-color",
    "border-right-color",
    "border-left-style",
    "border-right-style",
    "border-left-width",
    "border-right-width",
    "border-top-left-radius",
    "border-top-right-radius",
    "border-bottom-left-radius",
    "border-bottom-right-radius",
    "scroll-margin-left",
    "scroll-margin-right",
    "scroll-padding-left",
    "scroll-padding-right",
];

/// Properties whose value can name a side.
const SIDED: &[&str] = &["text-align", "float", "clear"];

/// Shorthands whose fourth value is the left and second the right side.
const FOUR_SIDES: &[&str] = &[
    "margin",
    "padding",
    "inset",
    "border-width",
    "border-style",
    "border-color",
];

/// Declarations that name a side. In a component only its style counts, and what its markup sets
/// with `style:`.
pub(crate) fn physical(file: &Text) -> Vec<String> {
    let component = file.path.ends_with(".svelte");
    let mut in_style = !component;
    let mut complaints = Vec::new();
    for (number, line) in file.lines() {
        if component && line.contains("<style") {
            in_style = true;
        }
        if in_style {
            for part in line.split([';', '{', '}']) {
                if let Some((property, value)) = part.split_once(':')
                    && names_a_side(property.trim(), value.trim())
                {
                    complaints.push(file.at(number, part.trim()));
                }
            }
        } else {
            for property in PHYSICAL {
                if line.contains(&format!(" style:{property}=")) {
                    complaints.push(file.at(number, &format!("style:{property}")));
                }
            }
        }
        if component && line.contains("</style>") {
            in_style = false;
        }
    }
    complaints
}

fn names_a_side(property: &str, value: &str) -> bool {
    let value = value.trim_end_matches("!important").trim();
    PHYSICAL.contains(&property)
        || (SIDED.contains(&property) && ["left", "right"].contains(&value))
        || (FOUR_SIDES.contains(&property) && sides_differ(value))
}

/// Whether four values give left and right different ones. Values in brackets count as one.
fn sides_differ(value: &str) -> bool {
    let mut values: Vec<String> = vec![String::new()];
    let mut depth = 0_usize;
    for letter in value.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter == ' ' && depth == 0 {
            values.push(String::new());
        } else if let Some(last) = values.last_mut() {
            last.push(letter);
        }
    }
    values.retain(|value| !value.is_empty());
    matches!(values.as_slice(), [_, right, _, left] if right != left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        physical(&Text::sample(path, text)).len()
    }

    #[test]
    fn a_side_is_found_however_it_is_named() {
        for bad in [
            "a { margin-left: 1px; }",
            "a { left: 0 }",
            "a { color: red; text-align: right; }",
            "  padding: 1px 2px 3px 4px;",
            "  border-top-left-radius: var(--r);",
        ] {
            assert_eq!(found("ui/src/style/x.css", bad), 1, "{bad}");
        }
    }

    #[test]
    fn start_and_end_and_equal_sides_are_fine() {
        for good in [
            "a { margin-inline-start: 1px; inset-inline-end: 0; }",
            "  padding: 1px calc(2px + 1px) 3px calc(2px + 1px);",
            "  margin: 1px 2px;",
            ".left { text-align: start; }",
            "a:hover .right:focus { color: red }",
        ] {
            assert_eq!(found("ui/src/style/x.css", good), 0, "{good}");
        }
    }

    #[test]
    fn in_a_component_only_styles_count() {
        let component = "<script>\nconst at = { left: 1 };\n</script>\n<p style:left=\"1px\">x</p>\n<style>\np { right: 0; }\n</style>\n";
        assert_eq!(
            physical(&Text::sample("ui/src/parts/X.svelte", component)),
            [
                "ui/src/parts/X.svelte:4: style:left",
                "ui/src/parts/X.svelte:6: right: 0"
            ]
        );
    }
}
