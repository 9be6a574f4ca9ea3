//! One mapping over the rows of one chunk.

use super::field::{Filler, column_at, request};
use super::lines::Lines;
use super::mapping::{Follow, Mapping};
use super::operations::Keep;
use super::report::{Place, Refusal, Report};
use super::resolve::Resolver;
use super::sieve::{Sieve, Verdict, holds};
use super::source::{Source, Typed, evaluate, shown};
use super::target::{Effect, Target, operation};
use super::{BAD_MAPPING, DUPLICATE_KEY, FileText, REFUSED};
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::json::Json;
use crm_kernel::work::Work;
use std::collections::{HashMap, HashSet};

/// The field that says what a document is called where it comes from.
const EXTERNAL_KEY: &str = "external_key";

/// A mapping checked against its files and the catalogue, ready to run.
pub(super) struct Importer {
    source: Source,
    target: Target,
    sieve: Sieve,
    group: Option<Expr>,
    key: Option<Filler>,
    fillers: Vec<Filler>,
    lines: Option<Lines>,
    then: Vec<Then>,
    keys: HashSet<String>,
    resolver: Resolver,
    report: Report,
}

/// An operation that follows on a row.
struct Then {
    when: Option<Expr>,
    operation: String,
    fillers: Vec<Filler>,
}

/// A row, or the rows of a document.
struct Document {
    /// Where it begins.
    line: i64,
    /// Its first row, or what is wrong with that.
    head: Typed,
    /// True where its rows are its lines.
    own: bool,
    /// Its lines.
    rows: Vec<(i64, Typed)>,
}

impl Importer {
    /// Checks the mapping. Errors: [`BAD_MAPPING`], [`super::MISSING_COLUMN`], `expression.invalid`, each with its
    /// place in the mapping.
    pub(super) fn new(
        work: &Work<'_>,
        mapping: &Mapping,
        files: &[FileText],
        history: bool,
    ) -> Result<Importer> {
        let catalogue = work.catalogue();
        let mut source = Source::open(&mapping.written(), files)?;
        source.sort(&mapping.order, "/mapping/order")?;
        let (target, def) = Target::new(work, mapping, history)?;
        let mut fillers = Filler::all(&catalogue, &source, &def, &mapping.fields, "/mapping/fields")?;
        let key = match &target {
            Target::Kind { key, .. } => {
                let at = fillers.iter().position(|filler| filler.steps == [key.clone()]);
                let none = || BAD_MAPPING.at("/mapping/key").coded("fault", "word", "key_is_no_field");
                Some(fillers.swap_remove(at.ok_or_else(none)?))
            }
            Target::Operation(_) => None,
        };
        let lines = match &mapping.lines {
            Some(lines) => {
                let written = mapping.lines_written();
                Some(Lines::new(&catalogue, &source, &def, lines, written.as_ref(), files)?)
            }
            None => None,
        };
        let group = mapping.group.as_deref().map(|text| source.expression(text, "/mapping/group"));
        let then = mapping.then.iter().enumerate();
        let then = then
            .map(|(at, follow)| Then::new(work, &source, follow, history, &format!("/mapping/then/{at}")));
        Ok(Importer {
            target,
            sieve: Sieve::new(&source, mapping.skip.as_deref(), &mapping.reject, "/mapping")?,
            group: group.transpose()?,
            key,
            fillers,
            lines,
            then: then.collect::<Result<_>>()?,
            keys: HashSet::new(),
            resolver: Resolver::default(),
            report: Report::default(),
            source,
        })
    }

    /// Runs every row or document. Errors: [`REFUSED`] with the rows where all or none are kept.
    pub(super) fn run(mut self, work: &mut Work<'_>, keep: Keep) -> Result<Report> {
        let rows = std::mem::take(&mut self.source.table.rows);
        for document in self.documents(rows) {
            self.report.seen += 1;
            let (before, mut wrote) = (work.last_change()?, false);
            let done = work.attempt(|work| {
                let done = self.document(work, document);
                wrote = work.last_change().is_ok_and(|last| last != before);
                done
            })?;
            if let Err(refusal) = done {
                if wrote {
                    // What was found out from records that are undone is no longer so.
                    self.resolver = Resolver::default();
                }
                self.report.refuse(work, &refusal);
            }
        }
        if let Some(lines) = &mut self.lines {
            lines.report_unclaimed(work, &mut self.report);
        }
        if keep == Keep::Atomic && self.report.rejected > 0 {
            let rejected = self.report.rejected;
            return Err(REFUSED.error().with("rejected", rejected).with("rows", self.report.problems));
        }
        Ok(self.report)
    }

    /// Rows, or documents of rows that have the same group value, in the order of their first row, with their lines.
    fn documents(&mut self, rows: Vec<(i64, Vec<String>)>) -> Vec<Document> {
        let mut documents: Vec<Document> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (line, cells) in rows {
            let row = self.source.typed(&cells);
            // A row that cannot be read belongs to its document all the same where the cell that names it can.
            let group = self.group.as_ref().and_then(|group| match &row {
                Ok(row) => shown(&evaluate(group, row)),
                Err(_) => shown(&evaluate(group, &self.source.readable(&cells))),
            });
            let place = group.map(|group| *places.entry(group).or_insert(documents.len()));
            match place.and_then(|place| documents.get_mut(place)) {
                Some(document) if document.own => document.rows.push((line, row)),
                Some(_) => {}
                None => {
                    // And it has lines.
                    let claimed = self.lines.as_mut().and_then(|lines| match &row {
                        Ok(row) => lines.claim(row),
                        Err(_) => lines.claim(&self.source.readable(&cells)),
                    });
                    let own = claimed.is_none();
                    let rows = claimed.unwrap_or_else(|| vec![(line, row.clone())]);
                    documents.push(Document { line, head: row, own, rows });
                }
            }
        }
        documents
    }

    /// Sends one document and what follows on it. Errors: where and why it is refused; nothing of it is kept then.
    fn document(&mut self, work: &mut Work<'_>, document: Document) -> std::result::Result<(), Box<Refusal>> {
        let row = document.line;
        let head = document.head.map_err(|error| self.refusal(row, None, error))?;
        let verdict = self.sieve.judge(&head);
        if let Verdict::Skip = verdict {
            self.report.skipped += 1;
            return Ok(());
        }
        let key = match &self.key {
            Some(filler) => {
                let key = filler.json(work, &mut self.resolver, &head);
                key.map_err(|error| self.refusal(row, None, error))?
            }
            // What is wrong with it is told below, with what else is wrong.
            None => named(&self.fillers)
                .and_then(|filler| filler.json(work, &mut self.resolver, &head).ok())
                .unwrap_or_default(),
        };
        let key = key.as_text().map(str::to_owned);
        if let Verdict::Reject(error) = verdict {
            return Err(self.refusal(row, key, error));
        }
        let mut values = request(&self.fillers, work, &mut self.resolver, &head)
            .map_err(|error| self.refusal(row, key.clone(), error))?;
        let mut line_rows = Vec::new();
        if let Some(lines) = &self.lines {
            let list = lines.list(work, &mut self.resolver, &mut self.report, document.rows);
            let list = list.map_err(|(line, error)| {
                let place = lines.place(line, error.place());
                refusal(place, Some(row), key.clone(), error)
            })?;
            let (rows, list): (Vec<i64>, Vec<Json>) = list.into_iter().unzip();
            values = values.with(lines.field.clone(), Json::List(list));
            line_rows = rows;
        }
        if let (Some(by), Some(key)) = (&self.key, &key)
            && !self.keys.insert(key.clone())
        {
            let error = DUPLICATE_KEY.at(format!("/{}", by.steps.join("/"))).with("key", key.clone());
            return Err(self.refusal(row, Some(key.clone()), error));
        }
        let sent = self.target.send(work, &mut self.resolver, key.as_deref(), values);
        let (id, effect) = sent.map_err(|error| self.located(row, &line_rows, key.clone(), error))?;
        let values = self.source.with_id(&head, id);
        for then in &self.then {
            if then.when.as_ref().is_none_or(|when| holds(when, &values)) {
                let done = request(&then.fillers, work, &mut self.resolver, &values)
                    .and_then(|request| work.inner(&then.operation, &request));
                done.map_err(|error| {
                    let column = column_at(&then.fillers, error.place());
                    refusal(Place { column, ..self.place(row, "") }, None, key.clone(), error)
                })?;
            }
        }
        match effect {
            Effect::Created => self.report.created += 1,
            Effect::Updated => self.report.updated += 1,
            Effect::Nothing => self.report.skipped += 1,
        }
        Ok(())
    }

    /// Where a fault of a document's own row stands that is told at a path of its request.
    fn place(&self, row: i64, path: &str) -> Place {
        let path = path.strip_prefix("/values").unwrap_or(path);
        let column = column_at(self.key.iter().chain(&self.fillers), path);
        Place { file: self.source.file.clone(), row, column }
    }

    /// A document that is refused for a fault of its own row.
    fn refusal(&self, row: i64, key: Option<String>, error: Error) -> Box<Refusal> {
        refusal(self.place(row, error.place()), None, key, error)
    }

    /// A document that is refused for what stands at a path of its request: in its own row, or in that of a line.
    fn located(&self, row: i64, line_rows: &[i64], key: Option<String>, error: Error) -> Box<Refusal> {
        let find = |path: &str| {
            let line = self.lines.as_ref().and_then(|lines| {
                let path = path.strip_prefix("/values").unwrap_or(path);
                let inside = path.strip_prefix('/')?.strip_prefix(lines.field.as_str())?.strip_prefix('/')?;
                let (at, _) = inside.split_once('/').unwrap_or((inside, ""));
                let row = line_rows.get(at.parse::<usize>().ok()?)?;
                Some(lines.place(*row, inside.get(at.len()..).unwrap_or_default()))
            });
            match line {
                Some(place) => (place, Some(row)),
                None => (self.place(row, path), None),
            }
        };
        let (place, document) = find(error.place());
        // Of several problems each may stand in another row.
        let error = error.map_problems(|problem| {
            let place = find(&problem.path).0;
            let problem = problem.with("file", place.file).with("row", place.row);
            match place.column {
                Some(column) => problem.with("column", column),
                None => problem,
            }
        });
        refusal(place, document, key, error)
    }
}

/// What names a document that is sent to an operation.
fn named(fillers: &[Filler]) -> Option<&Filler> {
    fillers.iter().find(|filler| filler.steps == [EXTERNAL_KEY])
}

/// A refusal. What could not be read in a cell names the column itself.
fn refusal(mut place: Place, document: Option<i64>, key: Option<String>, error: Error) -> Box<Refusal> {
    let cell = error.problems().first().and_then(|problem| problem.arg("column"));
    if let Some(column) = cell.and_then(Json::as_text) {
        place.column = Some(column.to_owned());
    }
    Box::new(Refusal { place, document, key, error })
}

impl Then {
    fn new(work: &Work<'_>, source: &Source, follow: &Follow, history: bool, path: &str) -> Result<Then> {
        let row = operation(work, &follow.operation, history, &format!("{path}/operation"))?;
        let when = follow.when.as_deref().map(|text| source.condition(text, &format!("{path}/when")));
        let (catalogue, path) = (work.catalogue(), format!("{path}/fields"));
        Ok(Then {
            when: when.transpose()?,
            operation: follow.operation.clone(),
            fillers: Filler::all(&catalogue, source, (row.request)(), &follow.fields, &path)?,
        })
    }
}
