//! The window's TypeScript client, from the list of commands.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ts_rs::{Config, TS, TypeVisitor};

use crate::desk::Event;
use crate::refusal::Refusal;

/// The file `ui/src/api/generated.ts`: the type of every request and view, and of every command.
#[must_use]
pub fn typescript() -> String {
    let mut declarations = Declarations::new();
    crate::commands::declare(&mut declarations);
    declarations.add::<Refusal>();
    declarations.add::<Event>();
    declarations.write()
}

/// Collects type declarations and commands.
pub(crate) struct Declarations {
    config: Config,
    seen: BTreeSet<TypeId>,
    types: BTreeMap<String, String>,
    commands: String,
}

impl Declarations {
    fn new() -> Self {
        Self {
            config: Config::new().with_large_int("number"),
            seen: BTreeSet::new(),
            types: BTreeMap::new(),
            commands: String::new(),
        }
    }

    pub(crate) fn command<Request: TS + 'static, View: TS + 'static>(
        &mut self,
        name: &str,
        doc: &[&str],
    ) {
        self.visit::<Request>();
        self.visit::<View>();
        let doc = doc.concat();
        let (request, view) = (Request::name(&self.config), View::name(&self.config));
        // Writing to a string cannot fail.
        let _ = writeln!(
            self.commands,
            "  /**{doc} */\n  {name}: {{ request: {request}; view: {view} }};"
        );
    }

    fn add<T: TS + 'static>(&mut self) {
        self.visit::<T>();
    }

    fn write(&self) -> String {
        let mut text = String::from(
            "// Generated from the list of commands (crates/desk/src/commands.rs). To make it anew:\n\
             // PORCH_WRITE_GENERATED=1 cargo test -p porch-desk typescript\n\n",
        );
        for declaration in self.types.values() {
            let _ = writeln!(text, "export {declaration}\n");
        }
        let _ = write!(
            text,
            "/** Every command with its request and its view. */\nexport interface Api {{\n{}}}\n",
            self.commands
        );
        text
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Types without an output path are built in.
        if T::output_path().is_some() {
            self.types
                .insert(T::ident(&self.config), T::decl(&self.config));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_window_s_client_is_the_one_that_the_commands_give() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/api/generated.ts");
        let fresh = typescript();
        if std::env::var_os("PORCH_WRITE_GENERATED").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == fresh,
            "stale: run PORCH_WRITE_GENERATED=1 cargo test -p porch-desk typescript"
        );
    }
}
