//! `docs/reference/errors.md`: every code with its class, messages and what gives it.

use super::{BANNER, Source, cell};
use crm_kernel::context::Language;
use crm_kernel::error::Code;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The page.
pub fn page(source: &Source) -> String {
    let mut out = String::from(BANNER);
    out.push_str(
        "# Errors\n\nAn error is `{class, code, message, details}`. Branch on the class or the code; show the message, \
         which is in the session's language. `details.path` is a JSON pointer into the request. A request \
         with problems is `request.invalid`, however many there are; `details.problems` lists each with its own path, code and \
         message. Codes are only added.\n\nIn the messages below `{path}` is shown by the labels of its fields where they have \
         labels (`Lines 1 / Quantity`), and a part in square brackets only where its values are known.\n\n\
         | class | what a host does |\n|---|---|\n\
         | `invalid` | corrects the request |\n\
         | `not_found` | takes it that there is no such record, or none that the actor may see |\n\
         | `conflict` | reads again and decides again |\n\
         | `forbidden` | asks somebody who may |\n\
         | `needs_approval` | asks for approval or release |\n\
         | `busy` | tries again |\n\
         | `io`, `corrupt`, `unsupported` | looks at the file, the disk, the version |\n\
         | `interrupted` | asked for it |\n\
         | `handle` | corrects the program |\n\
         | `panic`, `internal` | reports a defect; the transaction was undone |\n",
    );
    let mut by_code: BTreeMap<&str, (Code, Vec<String>)> = BTreeMap::new();
    for row in source.model.operations() {
        for code in row.errors {
            by_code.entry(code.name).or_insert((*code, Vec::new())).1.push(format!("`{}`", row.name));
        }
    }
    for (kind, code) in source.model.kind_errors() {
        let given = match source.catalogue.kind(kind) {
            Some(kind) => format!("whatever writes a [{0}](kinds.md#{0})", kind.name()),
            None => "whatever writes a record".to_owned(),
        };
        by_code.entry(code.name).or_insert((code, Vec::new())).1.push(given);
    }
    for code in Code::KERNEL {
        by_code.remove(code.name);
    }
    out.push_str("\n## Of any operation\n");
    table(source, Code::KERNEL.iter().map(|code| (*code, Vec::new())), &mut out);
    out.push_str("\n## Of certain operations and kinds\n");
    table(source, by_code.into_values(), &mut out);
    out
}

fn table(source: &Source, codes: impl Iterator<Item = (Code, Vec<String>)>, out: &mut String) {
    out.push_str("\n| code | class | en | zh-CN | zh-TW | given by |\n|---|---|---|---|---|---|\n");
    for (code, given) in codes {
        let message = |language| cell(source.model.texts().get(language, &format!("error.{}", code.name)));
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | {} | {} |",
            code.name,
            code.class.name(),
            message(Language::En),
            message(Language::ZhCn),
            message(Language::ZhTw),
            given.join(", ")
        );
    }
}
