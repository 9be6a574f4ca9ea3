//! One mapping over the rows of one chunk.

use super::field::{Filler, request};
use super::lines::Lines;
use super::mapping::{Follow, Mapping};
use super::operations::Keep;
use super::report::Report;
use super::resolve::Resolver;
use super::sieve::{Sieve, Verdict, holds};
use super::source::{Source, Typed, evaluate, shown};
use super::target::{Effect, Target, operation};
use super::{BAD_MAPPING, DUPLICATE_KEY, REFUSED};
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::json::Json;
use crm_kernel::work::Work;
use std::collections::{HashMap, HashSet};

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
        files: &[(String, String)],
        history: bool,
    ) -> Result<Importer> {
        let catalogue = work.catalogue();
        let mut source = Source::open(&mapping.file, files, &mapping.columns, "/mapping")?;
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
            Some(lines) => Some(Lines::new(&catalogue, &source, &def, lines, files)?),
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
            let line = document.line;
            let (before, mut wrote) = (work.last_change()?, false);
            let done = work.attempt(|work| {
                let done = self.document(work, document);
                wrote = work.last_change().is_ok_and(|last| last != before);
                done
            })?;
            if let Err((key, error)) = done {
                if wrote {
                    // What was found out from records that are undone is no longer so.
                    self.resolver = Resolver::default();
                }
                self.report.refuse(work, &self.source.file, line, key.as_deref(), &error);
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

    /// Sends one document and what follows on it. Errors: why it is refused, with its key where that was read; nothing of
    /// it is kept then.
    fn document(
        &mut self,
        work: &mut Work<'_>,
        document: Document,
    ) -> std::result::Result<(), (Option<String>, Error)> {
        let head = document.head.map_err(|error| (None, error))?;
        let verdict = self.sieve.judge(&head);
        if let Verdict::Skip = verdict {
            self.report.skipped += 1;
            return Ok(());
        }
        let key = match &self.key {
            Some(filler) => filler.json(work, &mut self.resolver, &head).map_err(|error| (None, error))?,
            None => Json::Null,
        };
        let key = key.as_text().map(str::to_owned);
        let fail = |error: Error| (key.clone(), error);
        if let Verdict::Reject(error) = verdict {
            return Err(fail(error));
        }
        let mut values = request(&self.fillers, work, &mut self.resolver, &head).map_err(fail)?;
        if let Some(lines) = &self.lines {
            let list = lines.list(work, &mut self.resolver, &mut self.report, document.rows);
            values = values.with(lines.field.clone(), Json::List(list.map_err(fail)?));
        }
        if let Some(key) = key.as_ref().filter(|key| !self.keys.insert((*key).clone())) {
            return Err(fail(DUPLICATE_KEY.error().with("key", key.clone())));
        }
        let sent = self.target.send(work, &mut self.resolver, key.as_deref(), values);
        let (id, effect) = sent.map_err(fail)?;
        let row = self.source.with_id(&head, id);
        for then in &self.then {
            if then.when.as_ref().is_none_or(|when| holds(when, &row)) {
                let request = request(&then.fillers, work, &mut self.resolver, &row).map_err(fail)?;
                work.inner(&then.operation, &request).map_err(fail)?;
            }
        }
        match effect {
            Effect::Created => self.report.created += 1,
            Effect::Updated => self.report.updated += 1,
            Effect::Nothing => self.report.skipped += 1,
        }
        Ok(())
    }
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
