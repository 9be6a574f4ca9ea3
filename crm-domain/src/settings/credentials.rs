//! Passwords of employees, for hosts without users of their own (ORG-02).
//!
//! Words. A *credential* is what an employee signs in with: the password itself is never kept, only what
//! PBKDF2-HMAC-SHA256 makes of it and a salt. A host that has users of its own vouches for the actor and needs none.
//!
//! Promises. Nobody reads a credential, whatever his positions. Whoever has a password changes it by giving the old
//! one; without one, or for somebody else, it takes the right `reset`. Signing in refuses in one way whether the
//! employee is unknown, has left, has no password or has another one, and takes about the same time.
//!
//! The salt is the fingerprint of the ids of the credential and its employee, the time and the change set: the core has
//! no source of randomness, and a salt need not be secret, only never the same twice.

use super::{
    LOGIN_REFUSED, PASSWORD_SHORT, PASSWORD_UNCHANGED, PASSWORD_UNCONFIRMED, PASSWORD_WRONG, setting,
};
use crate::org::Employee;
use crm_kernel::Record;
use crm_kernel::date::Instant;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use pbkdf2::pbkdf2_hmac;
use sha2::{Digest, Sha256};

/// What an employee signs in with.
#[derive(Clone, Debug, Record)]
#[record(no = 46, managed, closed)]
pub struct Credential {
    /// Whose it is.
    #[field(no = 1, unique)]
    pub employee: Ref<Employee>,
    /// Mixed into the password, in hexadecimal digits.
    #[field(no = 2, text = 64, sensitive)]
    pub salt: String,
    /// How often the function was applied.
    #[field(no = 3)]
    pub rounds: i64,
    /// What came of it, in hexadecimal digits.
    #[field(no = 4, text = 64, sensitive)]
    pub digest: String,
    /// When it was set.
    #[field(no = 5)]
    pub set_at: Instant,
}

/// A password has at least so many characters.
const SHORTEST: usize = 8;

/// Sets the password of an employee: one's own by giving the old one, else by the right to reset.
#[derive(Clone, Debug, Record)]
#[record(name = "employee_set_password")]
pub struct SetPassword {
    /// The employee; the actor where none is given.
    pub employee: Option<Ref<Employee>>,
    /// The password until now; needed to change one's own.
    pub old: Option<String>,
    /// The new password, at least eight characters.
    pub new: String,
    /// The new password once more.
    pub confirmed: String,
}

/// Whose password was set.
#[derive(Clone, Debug, Record)]
#[record(name = "employee_set_password_answer")]
pub struct SetPasswordAnswer {
    /// The employee.
    pub employee: Ref<Employee>,
}

impl Operation for SetPassword {
    const NAME: &'static str = "employee.set_password";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "credential", verb: "update" };
    const ERRORS: &'static [Code] =
        &[PASSWORD_SHORT, PASSWORD_UNCONFIRMED, PASSWORD_WRONG, PASSWORD_UNCHANGED];
    const CAPABILITIES: &'static [&'static str] = &["ORG-02"];
    const EXAMPLE: &'static str =
        r#"{"employee":"$employee","new":"seven seas 7","confirmed":"seven seas 7"}"#;
    type Answer = SetPasswordAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<SetPasswordAnswer> {
        let actor = Ref::<Employee>::new(work.actor()?);
        let employee = self.employee.unwrap_or(actor);
        if self.new.chars().count() < SHORTEST {
            return Err(PASSWORD_SHORT.at("/new").with("least", i64::try_from(SHORTEST).unwrap_or(8)));
        }
        if self.new != self.confirmed {
            return Err(PASSWORD_UNCONFIRMED.at("/confirmed"));
        }
        work.find(employee).map_err(|error| error.at("/employee"))?;
        let stored = credential(work, employee)?;
        match (&stored, &self.old) {
            (Some(stored), Some(old)) if employee == actor => {
                if !matches(stored, old) {
                    return Err(PASSWORD_WRONG.at("/old"));
                }
            }
            _ => work.require(&Credential::def().name, "reset")?,
        }
        if stored.as_ref().is_some_and(|stored| matches(stored, &self.new)) {
            return Err(PASSWORD_UNCHANGED.at("/new"));
        }
        let rounds = setting(work, "password.rounds")?.as_int().unwrap_or_default();
        let salt = salt(work, employee);
        let fresh = Credential {
            employee,
            digest: digest(&self.new, &salt, rounds),
            salt,
            rounds,
            set_at: work.now(),
        };
        work.system(|work| match stored {
            Some(mut stored) => {
                *stored = fresh;
                work.save(&mut stored)
            }
            None => work.insert(&fresh).map(drop),
        })?;
        Ok(SetPasswordAnswer { employee })
    }
}

/// Signs in: tells a host without users of its own whom to act for. Open to everybody.
#[derive(Clone, Debug, Record)]
#[record(name = "session_login")]
pub struct Login {
    /// The code of the employee.
    pub code: String,
    /// The password.
    pub password: String,
}

/// Who has signed in.
#[derive(Clone, Debug, Record)]
#[record(name = "session_login_answer")]
pub struct LoginAnswer {
    /// The employee: the actor of the session to come.
    pub employee: Ref<Employee>,
    /// The name.
    pub name: String,
}

impl Operation for Login {
    const NAME: &'static str = "session.login";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Public;
    const ERRORS: &'static [Code] = &[LOGIN_REFUSED];
    const CAPABILITIES: &'static [&'static str] = &["ORG-02"];
    const EXAMPLE: &'static str = r#"{"code":"ADMIN","password":"open sesame"}"#;
    type Answer = LoginAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<LoginAnswer> {
        let names = [("c", Ty::Text, Value::Text(self.code.clone()))];
        let employee = work.system(|work| work.only::<Employee>("code == c && active", &names))?;
        let stored = match &employee {
            Some(employee) => credential(work, employee.id)?,
            None => None,
        };
        match (employee, stored) {
            (Some(employee), Some(stored)) if matches(&stored, &self.password) => {
                Ok(LoginAnswer { employee: employee.id, name: employee.name.clone() })
            }
            (_, Some(_)) => Err(LOGIN_REFUSED.error()),
            (_, None) => {
                // As much work as for somebody who is there, so that the time tells nothing.
                let rounds = setting(work, "password.rounds")?.as_int().unwrap_or_default();
                digest(&self.password, "", rounds);
                Err(LOGIN_REFUSED.error())
            }
        }
    }
}

fn credential(work: &mut Work<'_>, employee: Ref<Employee>) -> Result<Option<Stored<Credential>>> {
    let names = [("e", Ty::Ref(Employee::NO), Value::Ref(employee.id()))];
    work.system(|work| work.only::<Credential>("employee == e", &names))
}

fn salt(work: &mut Work<'_>, employee: Ref<Employee>) -> String {
    let (fresh, now) = (work.new_id(), work.now());
    hexadecimal(&Sha256::digest(format!("{fresh}/{employee}/{}", now.millis())))
}

fn matches(credential: &Credential, password: &str) -> bool {
    let given = digest(password, &credential.salt, credential.rounds);
    // Every digit is looked at, so that the time does not tell how many are right.
    let differing = given.bytes().zip(credential.digest.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    given.len() == credential.digest.len() && differing == 0
}

/// PBKDF2-HMAC-SHA256 of a password, in hexadecimal digits.
pub(super) fn digest(password: &str, salt: &str, rounds: i64) -> String {
    let mut out = [0_u8; 32];
    pbkdf2_hmac::<Sha256>(
        password.as_bytes(),
        salt.as_bytes(),
        u32::try_from(rounds).unwrap_or(1).max(1),
        &mut out,
    );
    hexadecimal(&out)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
