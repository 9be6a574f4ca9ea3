//! Checks over all areas at once: definitions that fit together, and a text in three languages for everything that is
//! shown, none of them unused.

use crm_kernel::catalogue::Catalogue;
use crm_kernel::codec::Decoder;
use crm_kernel::context::Language;
use crm_kernel::date::{Date, Instant};
use crm_kernel::encode::Encoder;
use crm_kernel::error::Code;
use crm_kernel::id::Id;
use crm_kernel::json::MAX_INTEGER;
use crm_kernel::permission::Needs;
use crm_kernel::record::{ChoiceDef, FieldRole, FieldType, RecordDef};
use crm_kernel::value::{Num, Row, Value};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_declared_kinds_fit_together() {
    let problems = crate::model().unwrap().catalogue().err().unwrap_or_default();
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn access_that_does_not_end_is_refused() {
    let catalogue = crate::model().unwrap().catalogue().unwrap();
    let with_access = |field: &'static str| {
        let defs = catalogue.kinds().map(|kind| {
            let mut def = kind.def.clone();
            if def.name == "contact" {
                def.access = vec![field.into()].into();
            }
            def
        });
        Catalogue::build(defs).err().unwrap_or_default()
    };
    assert!(with_access("customer").is_empty());
    let [problem] = with_access("superior").try_into().unwrap();
    assert_eq!(
        (problem.place.as_str(), problem.fault.as_str()),
        ("contact", "access passes over more than 8 records")
    );
}

#[test]
fn whatever_is_shown_has_a_text_in_three_languages() {
    let model = crate::model().unwrap();
    let mut missing = Vec::new();
    for language in Language::ALL {
        for wanted in wanted() {
            // A field may have the text that all fields of its name share.
            if !wanted
                .iter()
                .any(|key| model.texts().find(language, key).is_some_and(|text| !text.trim().is_empty()))
            {
                missing.push(format!("{} {}", language.tag(), wanted.join(" or ")));
            }
        }
    }
    assert!(missing.is_empty(), "{} texts are missing:\n{}", missing.len(), missing.join("\n"));
}

/// Values of a field of a request: some that fit, some that do not.
fn values(ty: &FieldType) -> Vec<Value> {
    let num = |mantissa, scale| Value::Num(Num { mantissa, scale });
    let of_type = match ty {
        FieldType::Bool => vec![Value::Bool(true)],
        FieldType::Int => vec![num(3, 0), num(MAX_INTEGER, 0), num(MAX_INTEGER + 1, 0), num(-MAX_INTEGER, 0)],
        FieldType::Num { digits, scale, .. } => {
            let limit = 10_i64.pow(u32::from(*digits));
            [1, limit - 1, 1 - limit, limit, -limit].map(|mantissa| num(mantissa, *scale)).to_vec()
        }
        FieldType::Text { max } => {
            let longest = *max as usize;
            let texts = [" ".to_owned(), "a\0b".to_owned(), "x".repeat(longest), "界".repeat(longest)];
            let too_long = "x".repeat(longest + 1);
            texts.into_iter().chain(["it".to_owned(), too_long]).map(Value::Text).collect()
        }
        FieldType::Choice(choice) => {
            choice.options.iter().map(|code| Value::Text((*code).to_owned())).collect()
        }
        FieldType::Currency => vec![Value::Text("EUR".to_owned())],
        FieldType::Date => vec![Value::Date(Date::MIN), Value::Date(Date::MAX)],
        FieldType::Instant => vec![Value::Instant(Instant::EPOCH)],
        FieldType::Ref(_) | FieldType::AnyRef => vec![Value::Ref(Id::new(7).unwrap())],
        FieldType::Children(_) => vec![Value::Rows(Vec::new())],
        FieldType::List(_) => vec![Value::List(Vec::new())],
        FieldType::Picklist(_) | FieldType::Json | FieldType::Message(_) | FieldType::Record(_) => Vec::new(),
    };
    of_type.into_iter().chain([Value::Null]).collect()
}

#[test]
fn what_the_decoder_takes_as_it_is_comes_back_from_text() {
    let model = crate::model().unwrap();
    let catalogue = model.catalogue().unwrap();
    let (mut taken, mut judged) = (0, 0);
    for def in model.operations().iter().map(|row| (row.request)()) {
        let values_of = def.fields.iter().map(|field| values(&field.ty).swap_remove(0));
        let good = Row { values: values_of.collect(), ..Row::default() };
        for (at, field) in def.fields.iter().enumerate() {
            for value in values(&field.ty) {
                let mut row = good.clone();
                row.set(at, value);
                if !Decoder::takes(def, &row) {
                    judged += 1;
                    continue;
                }
                let json = Encoder::new(&catalogue, None).message(def, &row);
                assert_eq!(Decoder::new(&catalogue).message(def, &json).unwrap(), row, "{} {json}", def.name);
                taken += 1;
            }
        }
    }
    assert!(taken > 500 && judged > 500, "{taken} taken, {judged} judged");
}

#[test]
fn no_text_is_unused() {
    let model = crate::model().unwrap();
    let english: BTreeSet<&str> = model.texts().keys(Language::En).collect();
    let used: BTreeSet<String> = wanted()
        .into_iter()
        .filter_map(|keys| keys.into_iter().find(|key| english.contains(key.as_str())))
        .collect();
    let mut unused = Vec::new();
    for language in Language::ALL {
        unused.extend(
            model
                .texts()
                .keys(language)
                .filter(|key| !used.contains(*key))
                .map(|key| format!("{} {key}", language.tag())),
        );
    }
    assert!(unused.is_empty(), "{} texts are named by nothing:\n{}", unused.len(), unused.join("\n"));
}

#[test]
fn a_text_holds_the_same_values_in_every_language() {
    let model = crate::model().unwrap();
    let holds = |text: &str| -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(name, _)| name.to_owned())
            .collect()
    };
    for key in model.texts().keys(Language::En) {
        let english = holds(model.texts().get(Language::En, key));
        for language in [Language::ZhCn, Language::ZhTw] {
            assert_eq!(holds(model.texts().get(language, key)), english, "{} {key}", language.tag());
        }
    }
}

#[test]
fn a_code_has_one_class_and_is_declared_once() {
    let mut seen: BTreeMap<&str, Code> = BTreeMap::new();
    for code in crate::model().unwrap().errors() {
        if let Some(other) = seen.insert(code.name, code) {
            assert_eq!(other.class, code.class, "{}", code.name);
        }
    }
    let mut declared = BTreeSet::new();
    for code in declared_codes() {
        assert!(declared.insert(code), "{code} is declared twice");
    }
    for code in seen.keys() {
        assert!(declared.contains(code), "{code} stands in no error.rs");
    }
    for code in declared {
        assert!(seen.contains_key(code), "{code} is declared by no operation and no rule of a kind");
    }
}

/// For everything that is shown the keys that may hold its text, the special one first.
fn wanted() -> Vec<Vec<String>> {
    let model = crate::model().unwrap();
    let catalogue = model.catalogue().unwrap();
    let mut wanted: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut choices: BTreeMap<&str, &ChoiceDef> = BTreeMap::new();
    for kind in catalogue.kinds() {
        wanted.insert(vec![format!("kind.{}", kind.name())]);
        for field in kind.fields().iter().filter(|field| field.role != FieldRole::LineCounter) {
            wanted.insert(vec![
                format!("field.{}.{}", kind.name(), field.name),
                format!("field.{}", field.name),
            ]);
        }
        collect_choices(&kind.def, &catalogue, &mut choices);
    }
    for row in model.operations() {
        collect_choices((row.request)(), &catalogue, &mut choices);
        collect_choices((row.answer)(), &catalogue, &mut choices);
    }
    for choice in choices.values() {
        for code in choice.options {
            wanted.insert(vec![format!("choice.{}.{code}", choice.name)]);
        }
    }
    for code in declared_codes() {
        wanted.insert(vec![format!("error.{code}")]);
    }
    for (fault, _) in crm_kernel::expr::FAULTS {
        wanted.insert(vec![format!("fault.{fault}")]);
    }
    for ty in crm_kernel::codec::TYPES {
        wanted.insert(vec![format!("type.{ty}")]);
    }
    for fault in crm_kernel::catalogue::DEFINITION_FAULTS {
        wanted.insert(vec![format!("definition.{fault}")]);
    }
    for fault in crm_kernel::json::FAULTS {
        wanted.insert(vec![format!("json.{fault}")]);
    }
    for word in crate::texts::WORDS {
        wanted.insert(vec![format!("word.{word}")]);
    }
    for (kind, verb) in model.areas().iter().flat_map(|area| area.rights) {
        wanted.insert(vec![format!("kind.{kind}")]);
        wanted.insert(vec![format!("verb.{verb}")]);
    }
    for row in model.operations() {
        match row.needs {
            Needs::Right { kind, verb } => {
                wanted.insert(vec![format!("kind.{kind}")]);
                wanted.insert(vec![format!("verb.{verb}")]);
            }
            Needs::OnKind { verb } | Needs::OnHead { verb } => {
                wanted.insert(vec![format!("verb.{verb}")]);
            }
            Needs::Public | Needs::Inner => {}
        }
    }
    for setting in crate::settings::SETTINGS {
        wanted.insert(vec![format!("setting.{}", setting.key)]);
    }
    wanted.into_iter().collect()
}

fn collect_choices<'a>(
    def: &RecordDef,
    catalogue: &Catalogue,
    choices: &mut BTreeMap<&'a str, &'a ChoiceDef>,
) {
    fn of_type<'a>(ty: &FieldType, catalogue: &Catalogue, choices: &mut BTreeMap<&'a str, &'a ChoiceDef>) {
        match ty {
            FieldType::Choice(choice) => {
                let before = choices.insert(choice.name, choice);
                assert!(
                    before.is_none_or(|before| before == *choice),
                    "two choices are named {}",
                    choice.name
                );
            }
            FieldType::List(item) => of_type(item, catalogue, choices),
            FieldType::Message(nested) => collect_choices(nested.def(), catalogue, choices),
            _ => {}
        }
    }
    for field in def.fields.iter() {
        of_type(&field.ty, catalogue, choices);
    }
}

/// The codes that the kernel and the areas declare, those included that only rules of a kind refuse with.
fn declared_codes() -> Vec<&'static str> {
    let kernel = Code::KERNEL.iter().map(|code| code.name);
    let areas = ERRORS.iter().flat_map(|file| file.split("Code::new(").skip(1)).filter_map(|rest| {
        let (_, quoted) = rest.split_once('"')?;
        quoted.split_once('"').map(|(code, _)| code)
    });
    kernel.chain(areas).collect()
}

/// The refusals of every area.
const ERRORS: &[&str] = &[
    include_str!("analytics/error.rs"),
    include_str!("approval/error.rs"),
    include_str!("catalog/error.rs"),
    include_str!("credit/error.rs"),
    include_str!("finance/error.rs"),
    include_str!("fulfilment/error.rs"),
    include_str!("imports/error.rs"),
    include_str!("messaging/error.rs"),
    include_str!("ordering/error.rs"),
    include_str!("org/error.rs"),
    include_str!("parties/error.rs"),
    include_str!("pricing/error.rs"),
    include_str!("quoting/error.rs"),
    include_str!("services/error.rs"),
    include_str!("settings/error.rs"),
];
