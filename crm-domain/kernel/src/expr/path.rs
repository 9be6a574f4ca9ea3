//! Names to fields: what `order.customer.region` means from a kind on.

use super::check::{Checker, Use};
use super::fault::Fault;
use super::node::{Leaf, Step, Ty, Var};
use super::parse::{Ast, Kind as Syntax, Place};
use crate::catalogue::Kind;
use crate::record::FieldType;
use crate::value::Value;
use std::sync::Arc;

/// One name of a path.
pub(super) struct Segment<'a> {
    pub name: &'a str,
    pub place: Place,
}

impl Segment<'_> {
    /// The names of a path, if the syntax is one.
    pub fn of(ast: &Ast) -> Option<Vec<Segment<'_>>> {
        match &ast.kind {
            Syntax::Name(name) => Some(vec![Segment { name, place: ast.place }]),
            Syntax::Member(of, name, place) => {
                let mut segments = Segment::of(of)?;
                segments.push(Segment { name, place: *place });
                Some(segments)
            }
            _ => None,
        }
    }
}

/// What a path leads to.
pub(super) enum Found<'a> {
    /// A name of the scope with its value.
    Name(Ty, &'a Value),
    /// Something of a record.
    Field { var: Var, path: Vec<Step>, leaf: Leaf, ty: Ty, field: Option<FieldType> },
    /// The lines of a record.
    Lines { var: Var, path: Vec<Step>, position: usize, child: u32 },
}

/// A record on the way, with how it was reached.
struct Here {
    kind: Arc<Kind>,
    var: Var,
    path: Vec<Step>,
}

impl<'a> Checker<'a> {
    pub(super) fn resolve(&mut self, segments: &[Segment<'_>]) -> Result<Found<'a>, Fault> {
        let Some((first, rest)) = segments.split_first() else {
            return Err(Fault::new("syntax", (0, 0), "a field is expected here"));
        };
        let variable = self.vars.iter().enumerate().rev().find(|(_, (name, _))| name == first.name);
        if let Some((depth, (_, kind))) = variable {
            let var = Var::Item(u8::try_from(depth).unwrap_or(u8::MAX));
            let here = Here { kind: self.kind(*kind, first.place)?, var, path: Vec::new() };
            if rest.is_empty() {
                let detail =
                    format!("`{0}` is a line: read one of its fields, `{0}.{1}`", first.name, "quantity");
                return Err(Fault::new("not_readable", first.place, detail));
            }
            return self.walk(here, rest);
        }
        let whole: Vec<&str> = segments.iter().map(|segment| segment.name).collect();
        let whole = whole.join(".");
        if let Some(found) = self.name(&whole).or_else(|| self.column(&whole)) {
            return Ok(found);
        }
        if (self.name(first.name).is_some() || self.column(first.name).is_some())
            && let Some(next) = rest.first()
        {
            let detail = format!("`{}` is a value and has no field `{}`", first.name, next.name);
            return Err(Fault::new("unknown_field", next.place, detail));
        }
        if first.name.starts_with('$') {
            let detail = format!("no value is given for `{}`", first.name);
            return Err(Fault::new("unknown_field", first.place, detail));
        }
        if self.columns.is_some() {
            let detail = format!("there is no column `{}`", first.name);
            return Err(Fault::new("unknown_field", first.place, detail));
        }
        let kind = self.kind(self.scope.root, first.place)?;
        self.walk(Here { kind, var: Var::Root, path: Vec::new() }, segments)
    }

    fn name(&self, name: &str) -> Option<Found<'a>> {
        let (_, ty, value) = self.scope.names.iter().find(|(known, _, _)| *known == name)?;
        Some(Found::Name(ty.clone(), value))
    }

    fn column(&self, name: &str) -> Option<Found<'a>> {
        let columns = self.columns?.iter().enumerate();
        let (at, (_, ty)) = columns.into_iter().find(|(_, (known, _))| *known == name)?;
        let (var, path, leaf) = (Var::Root, Vec::new(), Leaf::Field(at));
        Some(Found::Field { var, path, leaf, ty: ty.clone(), field: None })
    }

    fn kind(&self, no: u32, place: Place) -> Result<Arc<Kind>, Fault> {
        let unknown = || Fault::new("unknown_field", place, format!("there is no kind {no}"));
        self.scope.catalogue.kind(no).cloned().ok_or_else(unknown)
    }

    fn walk(&mut self, mut here: Here, segments: &[Segment<'_>]) -> Result<Found<'a>, Fault> {
        let Some((last, way)) = segments.split_last() else {
            return Err(Fault::new("syntax", (0, 0), "a field is expected here"));
        };
        for segment in way {
            here = self.follow(here, segment)?;
        }
        self.end(here, last)
    }

    /// Follows a reference.
    fn follow(&mut self, mut here: Here, segment: &Segment<'_>) -> Result<Here, Fault> {
        let to = if let Some(parent) = self.parent(&here, segment)? {
            here.path.push(Step::Parent { to: parent });
            parent
        } else {
            let position = self.position(&here, segment)?;
            match here.kind.field(position).map(|field| &field.ty) {
                Some(FieldType::Ref(to)) => {
                    here.path.push(Step::Field { position, to: *to });
                    *to
                }
                other => {
                    let sort = other.map_or("nothing", FieldType::name);
                    let help = match other {
                        Some(FieldType::AnyRef) => " whose kind is not known",
                        _ => "",
                    };
                    let detail = format!("`{}` is of type {sort}{help} and has no fields", segment.name);
                    return Err(Fault::new("not_readable", segment.place, detail));
                }
            }
        };
        here.kind = self.kind(to, segment.place)?;
        Ok(here)
    }

    /// Reads what stands at the end of a path.
    fn end(&mut self, mut here: Here, segment: &Segment<'_>) -> Result<Found<'a>, Fault> {
        if let Some(parent) = self.parent(&here, segment)? {
            here.path.push(Step::Parent { to: parent });
            return Ok(here.field(Leaf::Id, Ty::Ref(parent), None));
        }
        let line = here.kind.parent().is_some();
        match segment.name {
            "id" if line => {
                return Err(Fault::new(
                    "not_readable",
                    segment.place,
                    "a line has no id: its number is `line`",
                ));
            }
            "id" => {
                let kind = here.kind.no();
                return Ok(here.field(Leaf::Id, Ty::Ref(kind), None));
            }
            "line" if line => return Ok(here.field(Leaf::LineNo, Ty::Num { digits: 16, scale: 0 }, None)),
            _ => {}
        }
        let position = self.position(&here, segment)?;
        let Some(field) = here.kind.field(position).map(|field| field.ty.clone()) else {
            return Err(unknown(&here, segment));
        };
        let ty = match &field {
            FieldType::Bool => Ty::Bool,
            FieldType::Int => Ty::Num { digits: 16, scale: 0 },
            FieldType::Num { digits, scale, .. } => Ty::Num { digits: *digits, scale: *scale },
            FieldType::Text { .. } | FieldType::Choice(_) | FieldType::Picklist(_) | FieldType::Currency => {
                Ty::Text
            }
            FieldType::Date => Ty::Date,
            FieldType::Instant => Ty::Instant,
            FieldType::Ref(to) => Ty::Ref(*to),
            FieldType::AnyRef => Ty::Ref(0),
            FieldType::Children(child) => {
                return Ok(Found::Lines { var: here.var, path: here.path, position, child: *child });
            }
            FieldType::Json | FieldType::Message(_) | FieldType::List(_) | FieldType::Record(_) => {
                let detail =
                    format!("`{}` is of type {} and cannot be read here", segment.name, field.name());
                return Err(Fault::new("not_readable", segment.place, detail));
            }
        };
        Ok(here.field(Leaf::Field(position), ty, Some(field)))
    }

    /// The kind of the document where a line's parent is named.
    fn parent(&self, here: &Here, segment: &Segment<'_>) -> Result<Option<u32>, Fault> {
        let Some(no) = here.kind.parent() else { return Ok(None) };
        let parent = self.kind(no, segment.place)?;
        if parent.name() != segment.name {
            return Ok(None);
        }
        // A row knows the document that it is a line of, and no further.
        if matches!(here.path.last(), Some(Step::Parent { .. })) {
            let detail = format!("`{}` is two documents up, which cannot be read", segment.name);
            return Err(Fault::new("not_readable", segment.place, detail));
        }
        Ok(Some(no))
    }

    /// The position of a field, which is noted as read.
    fn position(&mut self, here: &Here, segment: &Segment<'_>) -> Result<usize, Fault> {
        let position = here.kind.position(segment.name).ok_or_else(|| unknown(here, segment))?;
        if let Some(field) = here.kind.field(position) {
            let place = (self.base + segment.place.0, self.base + segment.place.1);
            self.uses.push(Use { kind: here.kind.no(), field: field.no, place });
        }
        Ok(position)
    }
}

impl Here {
    fn field<'a>(self, leaf: Leaf, ty: Ty, field: Option<FieldType>) -> Found<'a> {
        Found::Field { var: self.var, path: self.path, leaf, ty, field }
    }
}

fn unknown(here: &Here, segment: &Segment<'_>) -> Fault {
    let detail = format!("`{}` has no field `{}`", here.kind.name(), segment.name);
    Fault::new("unknown_field", segment.place, detail)
}
