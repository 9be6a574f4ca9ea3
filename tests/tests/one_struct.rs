//! A kind is one struct: without other code its records are made, listed, filtered, sorted, counted, summed, changed,
//! exported, put back from the recycle bin and described, and their history is read. A kind and fields that are made at
//! run time behave the same, on every store.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use crm_domain::{Caller, Engine};
use crm_kernel::Record;
use crm_kernel::context::Language;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_kernel::model::Area;
use crm_kernel::record::Record as _;
use crm_tests::story::StoreKind;

/// A boat in the harbour.
#[derive(Record)]
#[record(no = 9301)]
pub struct Boat {
    /// What stands on its stern.
    #[field(no = 1, title, unique)]
    pub name: String,
    /// What it carries.
    #[field(no = 2, quantity)]
    pub load: Dec,
    /// Since when it lies here.
    #[field(no = 3, index)]
    pub moored: Option<Date>,
    /// The boat that it tows.
    #[field(no = 4)]
    pub tows: Option<Ref<Boat>>,
}

const HARBOUR: Area = Area { name: "harbour", kinds: &[Boat::def], operations: &[], rules: &[], rights: &[] };

/// The same kind, made at run time.
const RAFT: &str = r#"{"name":"raft","labels":{"en":"Raft","zh_cn":"筏","zh_tw":"筏"},"fields":[
    {"name":"name","type":"text","role":"title","required":true,"unique":true,"labels":{"en":"Name","zh_cn":"名称","zh_tw":"名稱"}},
    {"name":"load","type":"decimal","decimals":6,"required":true,"labels":{"en":"Load","zh_cn":"载重","zh_tw":"載重"}},
    {"name":"moored","type":"date","indexed":true,"labels":{"en":"Moored","zh_cn":"停泊","zh_tw":"停泊"}}]}"#;

/// A reference of a kind made at run time to itself.
const TOWS: &str = r#"{"kind":"raft","name":"tows","type":"reference","target":"raft","labels":{"en":"Tows","zh_cn":"拖带","zh_tw":"拖帶"}}"#;

struct Desk {
    engine: Engine,
    actor: Option<Id>,
}

impl Desk {
    fn open(store: StoreKind) -> Desk {
        let model = crm_domain::model_with(&[HARBOUR]).unwrap();
        let engine = Engine::with_model(store.open().unwrap(), model, 0).unwrap();
        let mut desk = Desk { engine, actor: None };
        let made = desk.call(
            "enterprise.setup",
            r#"{"name":"Harbour","base_currency":"CNY","zone":"Asia/Shanghai","administrator":"An Ran"}"#,
        );
        desk.actor = Id::parse(text(&made, "/administrator"));
        desk
    }

    fn try_call(&mut self, operation: &str, request: &str) -> crm_kernel::error::Result<String> {
        let caller = Caller {
            now: Instant::parse("2026-03-02T01:00:00Z").unwrap(),
            actor: self.actor,
            on_behalf: None,
            language: Language::En,
            reason: None,
            zone: None,
        };
        self.engine.call(&caller, operation, request)
    }

    fn call(&mut self, operation: &str, request: &str) -> Json {
        let answer = self.try_call(operation, request);
        Json::parse(&answer.unwrap_or_else(|error| panic!("{operation} {request}: {error}"))).unwrap()
    }

    fn create(&mut self, kind: &str, values: &str) -> String {
        let made = self.call("record.create", &format!(r#"{{"kind":"{kind}","values":{values}}}"#));
        text(&made, "/record/id").to_owned()
    }

    /// What is done with records of any kind: of one that has a name, a load, a day and another that it tows.
    fn business(&mut self, kind: &str) {
        let flag = r#""name":"flag","type":"text","labels":{"en":"Flag","zh_cn":"船旗","zh_tw":"船旗"}"#;
        self.call("definition.add_field", &format!(r#"{{"kind":"{kind}",{flag}}}"#));

        let tug = self.create(kind, r#"{"name":"Tug","load":"0.5","moored":"2026-02-01","flag":"NO"}"#);
        let barge = format!(r#"{{"name":"Barge","load":"120.25","tows":"{tug}"}}"#);
        let barge = self.create(kind, &barge);
        let again = format!(r#"{{"kind":"{kind}","values":{{"name":"Tug","load":"1"}}}}"#);
        let taken = self.try_call("record.create", &again).unwrap_err();
        assert_eq!(taken.code().name, "field.duplicate");
        let unnamed = format!(r#"{{"kind":"{kind}","values":{{"load":"1"}}}}"#);
        let unnamed = self.try_call("record.create", &unnamed).unwrap_err();
        let problems: Vec<_> =
            unnamed.problems().iter().map(|found| (found.path.as_str(), found.code.name)).collect();
        assert_eq!(problems, [("/values/name", "field.required")]);

        let filter = "tows.name == 'Tug' && tows.flag == 'NO' && load > 100";
        let list = self
            .call("record.list", &format!(r#"{{"kind":"{kind}","filter":"{filter}","order":["-load"]}}"#));
        assert_eq!(text(&list, "/records/0/name"), "Barge");
        assert_eq!(list.at("/records/1"), None);
        let list = self.call("record.list", &format!(r#"{{"kind":"{kind}","order":["load"]}}"#));
        assert_eq!(text(&list, "/records/0/name"), "Tug");
        let count = self.call("record.count", &format!(r#"{{"kind":"{kind}","filter":"moored != null"}}"#));
        assert_eq!(count.get("count"), Some(&Json::Int(1)));
        let sum = r#""measures":[{"name":"load","measure":"sum","of":"load"}]"#;
        let sum = self.call("report.run", &format!(r#"{{"kind":"{kind}",{sum}}}"#));
        assert_eq!(number(&sum, "/rows/0/0"), dec("120.75"));

        let update = r#"{"load":"80","flag":"SE"}"#;
        self.call("record.update", &format!(r#"{{"kind":"{kind}","id":"{barge}","values":{update}}}"#));
        let history = self.call("record.history", &format!(r#"{{"kind":"{kind}","id":"{barge}"}}"#));
        assert_eq!(text(&history, "/entries/0/action"), "updated");
        assert_eq!(text(&history, "/entries/0/fields/0/field"), "load");
        assert_eq!(number(&history, "/entries/0/fields/0/old"), dec("120.25"));
        assert_eq!(number(&history, "/entries/0/fields/0/new"), dec("80"));
        assert_eq!(text(&history, "/entries/0/fields/1/field"), "flag");
        assert_eq!(text(&history, "/entries/1/action"), "created");

        let columns = r#""columns":["name","moored","flag","tows"],"order":["name"]"#;
        let export = self.call("record.export", &format!(r#"{{"kind":"{kind}",{columns}}}"#));
        let lines: Vec<&str> = text(&export, "/csv").lines().collect();
        assert_eq!(
            lines,
            [
                "id,name,moored,flag,tows",
                &format!("{barge},Barge,,SE,{tug}"),
                &format!("{tug},Tug,2026-02-01,NO,")
            ]
        );

        self.call("record.delete", &format!(r#"{{"kind":"{kind}","id":"{barge}"}}"#));
        let bin = self.call("record.bin", &format!(r#"{{"kind":"{kind}"}}"#));
        assert_eq!(text(&bin, "/entries/0/record/name"), "Barge");
        let back = self.call("record.restore", &format!(r#"{{"kind":"{kind}","id":"{barge}"}}"#));
        assert_eq!(number(&back, "/record/load"), dec("80"));
        assert_eq!(text(&back, "/record/flag"), "SE");

        let described = self.call("record.describe", &format!(r#"{{"kind":"{kind}"}}"#));
        let fields = described.get("fields").and_then(Json::as_list).unwrap();
        let names: Vec<&str> = fields.iter().map(|field| text(field, "/name")).collect();
        assert_eq!(names, ["name", "load", "moored", "tows", "flag"]);
        assert_eq!(text(&described, "/fields/3/to"), kind);
        assert_eq!(text(&described, "/fields/4/label"), "Flag");
    }
}

fn text<'a>(json: &'a Json, path: &str) -> &'a str {
    json.at(path).and_then(Json::as_text).unwrap_or_else(|| panic!("{path} of {json:?}"))
}

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

fn number(json: &Json, path: &str) -> Dec {
    dec(text(json, path))
}

#[test]
fn a_struct_is_a_kind() {
    for store in StoreKind::ALL {
        let mut desk = Desk::open(store);
        desk.business("boat");
        let described = desk.call("record.describe", r#"{"kind":"boat"}"#);
        assert_eq!(text(&described, "/description"), "A boat in the harbour.");
        assert_eq!(described.get("custom"), Some(&Json::Bool(false)));
    }
}

#[test]
fn a_kind_made_at_run_time_is_a_kind() {
    for store in StoreKind::ALL {
        let mut desk = Desk::open(store);
        desk.call("definition.add_kind", RAFT);
        desk.call("definition.add_field", TOWS);
        desk.business("raft");
        let described = desk.call("record.describe", r#"{"kind":"raft"}"#);
        assert_eq!(text(&described, "/label"), "Raft");
        assert_eq!(described.get("custom"), Some(&Json::Bool(true)));
    }
}
