//! Operations of the settings.

use super::{ALREADY_SET_UP, Enterprise, Rounding, UNKNOWN_ZONE};
use crate::org::{Department, Employee, Holding, Position, PositionRight};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::{Needs, Scope};
use crm_kernel::work::Work;

/// Sets up a new database: the enterprise, its first department, an administrator position with every right and its
/// first holder. Open to everybody, once.
#[derive(Clone, Debug, Record)]
#[record(name = "enterprise_setup")]
pub struct Setup {
    /// The name of the enterprise.
    pub name: String,
    /// The currency of its books.
    pub base_currency: Currency,
    /// The zone of its business dates, by IANA name.
    #[field(default = "\"UTC\"")]
    pub zone: String,
    /// How posted amounts are rounded.
    #[field(default = "\"half_up\"")]
    pub rounding: Rounding,
    /// The name of the administrator.
    pub administrator: String,
}

/// What was made.
#[derive(Clone, Debug, Record)]
#[record(name = "enterprise_setup_answer")]
pub struct SetupAnswer {
    /// The enterprise.
    pub enterprise: Ref<Enterprise>,
    /// The first department.
    pub department: Ref<Department>,
    /// The position with every right.
    pub position: Ref<Position>,
    /// Its first holder: the actor of the sessions to come.
    pub administrator: Ref<Employee>,
}

impl Operation for Setup {
    const NAME: &'static str = "enterprise.setup";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Public;
    const ERRORS: &'static [Code] = &[ALREADY_SET_UP, UNKNOWN_ZONE];
    const CAPABILITIES: &'static [&'static str] = &["ORG-01", "CFG-05"];
    const EXAMPLE: &'static str = r#"{"name":"Harbour Instruments","base_currency":"CNY","zone":"Asia/Shanghai","administrator":"An Admin"}"#;
    type Answer = SetupAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<SetupAnswer> {
        work.system(|work| {
            if work.only::<Enterprise>("true", &[])?.is_some() {
                return Err(ALREADY_SET_UP.error());
            }
            let enterprise = work.insert(&Enterprise {
                name: self.name.clone(),
                base_currency: self.base_currency,
                zone: self.zone.clone(),
                rounding: self.rounding,
                posted_exactly: false,
            })?;
            work.set_base(self.base_currency);
            let department = work.insert(&Department {
                code: "HQ".to_owned(),
                name: self.name.clone(),
                superior: None,
                head: None,
                active: true,
            })?;
            let every = PositionRight { kind: "*".to_owned(), verb: "*".to_owned(), scope: Scope::All };
            let position = work.insert(&Position {
                code: "ADMIN".to_owned(),
                name: "Administrator".to_owned(),
                department: None,
                rights: std::iter::once(every).collect(),
            })?;
            let administrator = work.insert(&Employee {
                code: "ADMIN".to_owned(),
                name: self.administrator.clone(),
                department: department.id,
                superior: None,
                person_type: None,
                job_title: None,
                region: None,
                email: None,
                phone: None,
                active: true,
                successor: None,
                positions: std::iter::once(Holding { holds: position.id, department: None }).collect(),
                notes: None,
            })?;
            Ok(SetupAnswer {
                enterprise: enterprise.id,
                department: department.id,
                position: position.id,
                administrator: administrator.id,
            })
        })
    }
}
