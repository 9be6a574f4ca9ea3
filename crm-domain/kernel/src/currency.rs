//! Currencies: the codes of ISO 4217 and the decimals of their minor units.
//!
//! The table holds every code in use that has a minor unit. Codes without one (gold, drawing rights, testing,
//! `XXX`) are not money here. `ANG` and `BGN`, withdrawn in 2025 and 2026, stay readable for open documents.

use std::fmt;
use std::str::FromStr;

/// A currency of ISO 4217. Every value is a code of the table; order is alphabetic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    digits: u8,
}

/// The text is not the code of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CurrencyError;

impl Currency {
    /// The euro.
    pub const EUR: Currency = row(b"EUR", 2);
    /// The dollar of the United States.
    pub const USD: Currency = row(b"USD", 2);
    /// The yuan renminbi.
    pub const CNY: Currency = row(b"CNY", 2);
    /// The new dollar of Taiwan.
    pub const TWD: Currency = row(b"TWD", 2);
    /// The yen, which has no minor unit in use.
    pub const JPY: Currency = row(b"JPY", 0);

    /// The currency with this alphabetic code, three capital letters such as `EUR`.
    ///
    /// # Errors
    /// [`CurrencyError`] for any other text, small letters too.
    pub fn parse(code: &str) -> Result<Currency, CurrencyError> {
        let at = TABLE.binary_search_by(|row| row.code.as_slice().cmp(code.as_bytes()));
        at.ok().and_then(|at| TABLE.get(at)).copied().ok_or(CurrencyError)
    }

    /// All currencies, by code.
    pub fn all() -> &'static [Currency] {
        &TABLE
    }

    /// The alphabetic code: three capital letters.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.code).unwrap_or_default()
    }

    /// The number of decimals of the minor unit: 2 for cents, 0 for the yen, 3 for the dinar of Kuwait, at most 4.
    pub const fn digits(&self) -> u8 {
        self.digits
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    /// As [`Currency::parse`].
    fn from_str(code: &str) -> Result<Currency, CurrencyError> {
        Currency::parse(code)
    }
}

impl fmt::Display for CurrencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the code of a currency")
    }
}

impl std::error::Error for CurrencyError {}

const fn row(code: &[u8; 3], digits: u8) -> Currency {
    Currency { code: *code, digits }
}

/// ISO 4217 list one as of 2026, by code.
#[rustfmt::skip]
static TABLE: [Currency; 167] = [
    row(b"AED", 2), row(b"AFN", 2), row(b"ALL", 2), row(b"AMD", 2), row(b"ANG", 2), row(b"AOA", 2),
    row(b"ARS", 2), row(b"AUD", 2), row(b"AWG", 2), row(b"AZN", 2), row(b"BAM", 2), row(b"BBD", 2),
    row(b"BDT", 2), row(b"BGN", 2), row(b"BHD", 3), row(b"BIF", 0), row(b"BMD", 2), row(b"BND", 2),
    row(b"BOB", 2), row(b"BOV", 2), row(b"BRL", 2), row(b"BSD", 2), row(b"BTN", 2), row(b"BWP", 2),
    row(b"BYN", 2), row(b"BZD", 2), row(b"CAD", 2), row(b"CDF", 2), row(b"CHE", 2), row(b"CHF", 2),
    row(b"CHW", 2), row(b"CLF", 4), row(b"CLP", 0), row(b"CNY", 2), row(b"COP", 2), row(b"COU", 2),
    row(b"CRC", 2), row(b"CUP", 2), row(b"CVE", 2), row(b"CZK", 2), row(b"DJF", 0), row(b"DKK", 2),
    row(b"DOP", 2), row(b"DZD", 2), row(b"EGP", 2), row(b"ERN", 2), row(b"ETB", 2), row(b"EUR", 2),
    row(b"FJD", 2), row(b"FKP", 2), row(b"GBP", 2), row(b"GEL", 2), row(b"GHS", 2), row(b"GIP", 2),
    row(b"GMD", 2), row(b"GNF", 0), row(b"GTQ", 2), row(b"GYD", 2), row(b"HKD", 2), row(b"HNL", 2),
    row(b"HTG", 2), row(b"HUF", 2), row(b"IDR", 2), row(b"ILS", 2), row(b"INR", 2), row(b"IQD", 3),
    row(b"IRR", 2), row(b"ISK", 0), row(b"JMD", 2), row(b"JOD", 3), row(b"JPY", 0), row(b"KES", 2),
    row(b"KGS", 2), row(b"KHR", 2), row(b"KMF", 0), row(b"KPW", 2), row(b"KRW", 0), row(b"KWD", 3),
    row(b"KYD", 2), row(b"KZT", 2), row(b"LAK", 2), row(b"LBP", 2), row(b"LKR", 2), row(b"LRD", 2),
    row(b"LSL", 2), row(b"LYD", 3), row(b"MAD", 2), row(b"MDL", 2), row(b"MGA", 2), row(b"MKD", 2),
    row(b"MMK", 2), row(b"MNT", 2), row(b"MOP", 2), row(b"MRU", 2), row(b"MUR", 2), row(b"MVR", 2),
    row(b"MWK", 2), row(b"MXN", 2), row(b"MXV", 2), row(b"MYR", 2), row(b"MZN", 2), row(b"NAD", 2),
    row(b"NGN", 2), row(b"NIO", 2), row(b"NOK", 2), row(b"NPR", 2), row(b"NZD", 2), row(b"OMR", 3),
    row(b"PAB", 2), row(b"PEN", 2), row(b"PGK", 2), row(b"PHP", 2), row(b"PKR", 2), row(b"PLN", 2),
    row(b"PYG", 0), row(b"QAR", 2), row(b"RON", 2), row(b"RSD", 2), row(b"RUB", 2), row(b"RWF", 0),
    row(b"SAR", 2), row(b"SBD", 2), row(b"SCR", 2), row(b"SDG", 2), row(b"SEK", 2), row(b"SGD", 2),
    row(b"SHP", 2), row(b"SLE", 2), row(b"SOS", 2), row(b"SRD", 2), row(b"SSP", 2), row(b"STN", 2),
    row(b"SVC", 2), row(b"SYP", 2), row(b"SZL", 2), row(b"THB", 2), row(b"TJS", 2), row(b"TMT", 2),
    row(b"TND", 3), row(b"TOP", 2), row(b"TRY", 2), row(b"TTD", 2), row(b"TWD", 2), row(b"TZS", 2),
    row(b"UAH", 2), row(b"UGX", 0), row(b"USD", 2), row(b"USN", 2), row(b"UYI", 0), row(b"UYU", 2),
    row(b"UYW", 4), row(b"UZS", 2), row(b"VED", 2), row(b"VES", 2), row(b"VND", 0), row(b"VUV", 0),
    row(b"WST", 2), row(b"XAD", 2), row(b"XAF", 0), row(b"XCD", 2), row(b"XCG", 2), row(b"XOF", 0),
    row(b"XPF", 0), row(b"YER", 2), row(b"ZAR", 2), row(b"ZMW", 2), row(b"ZWG", 2),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_well_formed() {
        assert!(TABLE.is_sorted_by(|left, right| left.code < right.code));
        for currency in Currency::all() {
            assert!(currency.code.iter().all(u8::is_ascii_uppercase), "{currency}");
            assert!(currency.digits() <= 4, "{currency}");
            assert_eq!(Currency::parse(currency.code()), Ok(*currency));
        }
        for known in [Currency::EUR, Currency::USD, Currency::CNY, Currency::TWD, Currency::JPY] {
            assert_eq!(Currency::parse(known.code()), Ok(known));
        }
    }

    #[test]
    fn minor_units() {
        for (code, digits) in [
            ("EUR", 2),
            ("JPY", 0),
            ("KWD", 3),
            ("CLF", 4),
            ("UYW", 4),
            ("KRW", 0),
            ("TND", 3),
            ("VND", 0),
            ("ISK", 0),
        ] {
            assert_eq!(Currency::parse(code).map(|currency| currency.digits()), Ok(digits), "{code}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for code in ["", "EU", "EURO", "eur", "XXX", "XAU", "XTS", "XDR", "DEM", " EUR", "\u{20ac}"] {
            assert_eq!(Currency::parse(code), Err(CurrencyError), "{code}");
        }
    }
}
