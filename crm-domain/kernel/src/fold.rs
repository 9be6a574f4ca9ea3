//! Case folding by a table of our own, so that native code and WebAssembly, whatever compiler built them, agree to
//! the byte on what `lower`, `contains` and `startsWith` find.
//!
//! It is the simple case folding of Unicode 14.0: one character for one character. Two decisions on top:
//! - `\u{130}` (capital I with dot) folds to `i`, so that a search for `istanbul` finds it; small dotless `\u{131}`
//!   stays what it is.
//! - What only the full folding maps, and to several characters, stays as it is: `\u{df}` (sharp s) is not `ss`. Its
//!   capital `\u{1e9e}` folds to it.
//!
//! Nothing but case changes: no accents are dropped, no widths or ligatures joined, nothing is composed.

/// The text with every character folded. Folding twice is folding once.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// The folded form of one character.
pub fn fold_char(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    let code = u32::from(character);
    let at = TABLE.partition_point(|row| row.last < code);
    match TABLE.get(at) {
        Some(row) if row.first <= code && (code - row.first).is_multiple_of(row.step) => {
            code.checked_add_signed(row.delta).and_then(char::from_u32).unwrap_or(character)
        }
        _ => character,
    }
}

/// Whether `text` contains `part`, whatever the case of either. Everything contains the empty text.
pub fn fold_contains(text: &str, part: &str) -> bool {
    fold(text).contains(&fold(part))
}

/// Whether `text` begins with `part`, whatever the case of either.
pub fn fold_starts_with(text: &str, part: &str) -> bool {
    let mut text = text.chars();
    part.chars().all(|wanted| text.next().map(fold_char) == Some(fold_char(wanted)))
}

/// Whether `text` ends with `part`, whatever the case of either.
pub fn fold_ends_with(text: &str, part: &str) -> bool {
    let mut text = text.chars().rev();
    part.chars().rev().all(|wanted| text.next().map(fold_char) == Some(fold_char(wanted)))
}

/// Every `step`th character from `first` to `last` folds to the one `delta` further on.
struct Row {
    first: u32,
    last: u32,
    delta: i32,
    step: u32,
}

const fn row(first: u32, last: u32, delta: i32, step: u32) -> Row {
    Row { first, last, delta, step }
}

// Generated from the Unicode Character Database 14.0.0, not to be edited: C and S of the case folding, and U+0130.
#[rustfmt::skip]
static TABLE: [Row; 203] = [
    row(0x0041, 0x005A, 32, 1), row(0x00B5, 0x00B5, 775, 1), row(0x00C0, 0x00D6, 32, 1),
    row(0x00D8, 0x00DE, 32, 1), row(0x0100, 0x012E, 1, 2), row(0x0130, 0x0130, -199, 1),
    row(0x0132, 0x0136, 1, 2), row(0x0139, 0x0147, 1, 2), row(0x014A, 0x0176, 1, 2),
    row(0x0178, 0x0178, -121, 1), row(0x0179, 0x017D, 1, 2), row(0x017F, 0x017F, -268, 1),
    row(0x0181, 0x0181, 210, 1), row(0x0182, 0x0184, 1, 2), row(0x0186, 0x0186, 206, 1),
    row(0x0187, 0x0187, 1, 1), row(0x0189, 0x018A, 205, 1), row(0x018B, 0x018B, 1, 1),
    row(0x018E, 0x018E, 79, 1), row(0x018F, 0x018F, 202, 1), row(0x0190, 0x0190, 203, 1),
    row(0x0191, 0x0191, 1, 1), row(0x0193, 0x0193, 205, 1), row(0x0194, 0x0194, 207, 1),
    row(0x0196, 0x0196, 211, 1), row(0x0197, 0x0197, 209, 1), row(0x0198, 0x0198, 1, 1),
    row(0x019C, 0x019C, 211, 1), row(0x019D, 0x019D, 213, 1), row(0x019F, 0x019F, 214, 1),
    row(0x01A0, 0x01A4, 1, 2), row(0x01A6, 0x01A6, 218, 1), row(0x01A7, 0x01A7, 1, 1),
    row(0x01A9, 0x01A9, 218, 1), row(0x01AC, 0x01AC, 1, 1), row(0x01AE, 0x01AE, 218, 1),
    row(0x01AF, 0x01AF, 1, 1), row(0x01B1, 0x01B2, 217, 1), row(0x01B3, 0x01B5, 1, 2),
    row(0x01B7, 0x01B7, 219, 1), row(0x01B8, 0x01B8, 1, 1), row(0x01BC, 0x01BC, 1, 1),
    row(0x01C4, 0x01C4, 2, 1), row(0x01C5, 0x01C5, 1, 1), row(0x01C7, 0x01C7, 2, 1),
    row(0x01C8, 0x01C8, 1, 1), row(0x01CA, 0x01CA, 2, 1), row(0x01CB, 0x01DB, 1, 2),
    row(0x01DE, 0x01EE, 1, 2), row(0x01F1, 0x01F1, 2, 1), row(0x01F2, 0x01F4, 1, 2),
    row(0x01F6, 0x01F6, -97, 1), row(0x01F7, 0x01F7, -56, 1), row(0x01F8, 0x021E, 1, 2),
    row(0x0220, 0x0220, -130, 1), row(0x0222, 0x0232, 1, 2), row(0x023A, 0x023A, 10795, 1),
    row(0x023B, 0x023B, 1, 1), row(0x023D, 0x023D, -163, 1), row(0x023E, 0x023E, 10792, 1),
    row(0x0241, 0x0241, 1, 1), row(0x0243, 0x0243, -195, 1), row(0x0244, 0x0244, 69, 1),
    row(0x0245, 0x0245, 71, 1), row(0x0246, 0x024E, 1, 2), row(0x0345, 0x0345, 116, 1),
    row(0x0370, 0x0372, 1, 2), row(0x0376, 0x0376, 1, 1), row(0x037F, 0x037F, 116, 1),
    row(0x0386, 0x0386, 38, 1), row(0x0388, 0x038A, 37, 1), row(0x038C, 0x038C, 64, 1),
    row(0x038E, 0x038F, 63, 1), row(0x0391, 0x03A1, 32, 1), row(0x03A3, 0x03AB, 32, 1),
    row(0x03C2, 0x03C2, 1, 1), row(0x03CF, 0x03CF, 8, 1), row(0x03D0, 0x03D0, -30, 1),
    row(0x03D1, 0x03D1, -25, 1), row(0x03D5, 0x03D5, -15, 1), row(0x03D6, 0x03D6, -22, 1),
    row(0x03D8, 0x03EE, 1, 2), row(0x03F0, 0x03F0, -54, 1), row(0x03F1, 0x03F1, -48, 1),
    row(0x03F4, 0x03F4, -60, 1), row(0x03F5, 0x03F5, -64, 1), row(0x03F7, 0x03F7, 1, 1),
    row(0x03F9, 0x03F9, -7, 1), row(0x03FA, 0x03FA, 1, 1), row(0x03FD, 0x03FF, -130, 1),
    row(0x0400, 0x040F, 80, 1), row(0x0410, 0x042F, 32, 1), row(0x0460, 0x0480, 1, 2),
    row(0x048A, 0x04BE, 1, 2), row(0x04C0, 0x04C0, 15, 1), row(0x04C1, 0x04CD, 1, 2),
    row(0x04D0, 0x052E, 1, 2), row(0x0531, 0x0556, 48, 1), row(0x10A0, 0x10C5, 7264, 1),
    row(0x10C7, 0x10C7, 7264, 1), row(0x10CD, 0x10CD, 7264, 1), row(0x13F8, 0x13FD, -8, 1),
    row(0x1C80, 0x1C80, -6222, 1), row(0x1C81, 0x1C81, -6221, 1), row(0x1C82, 0x1C82, -6212, 1),
    row(0x1C83, 0x1C84, -6210, 1), row(0x1C85, 0x1C85, -6211, 1), row(0x1C86, 0x1C86, -6204, 1),
    row(0x1C87, 0x1C87, -6180, 1), row(0x1C88, 0x1C88, 35267, 1), row(0x1C90, 0x1CBA, -3008, 1),
    row(0x1CBD, 0x1CBF, -3008, 1), row(0x1E00, 0x1E94, 1, 2), row(0x1E9B, 0x1E9B, -58, 1),
    row(0x1E9E, 0x1E9E, -7615, 1), row(0x1EA0, 0x1EFE, 1, 2), row(0x1F08, 0x1F0F, -8, 1),
    row(0x1F18, 0x1F1D, -8, 1), row(0x1F28, 0x1F2F, -8, 1), row(0x1F38, 0x1F3F, -8, 1),
    row(0x1F48, 0x1F4D, -8, 1), row(0x1F59, 0x1F5F, -8, 2), row(0x1F68, 0x1F6F, -8, 1),
    row(0x1F88, 0x1F8F, -8, 1), row(0x1F98, 0x1F9F, -8, 1), row(0x1FA8, 0x1FAF, -8, 1),
    row(0x1FB8, 0x1FB9, -8, 1), row(0x1FBA, 0x1FBB, -74, 1), row(0x1FBC, 0x1FBC, -9, 1),
    row(0x1FBE, 0x1FBE, -7173, 1), row(0x1FC8, 0x1FCB, -86, 1), row(0x1FCC, 0x1FCC, -9, 1),
    row(0x1FD8, 0x1FD9, -8, 1), row(0x1FDA, 0x1FDB, -100, 1), row(0x1FE8, 0x1FE9, -8, 1),
    row(0x1FEA, 0x1FEB, -112, 1), row(0x1FEC, 0x1FEC, -7, 1), row(0x1FF8, 0x1FF9, -128, 1),
    row(0x1FFA, 0x1FFB, -126, 1), row(0x1FFC, 0x1FFC, -9, 1), row(0x2126, 0x2126, -7517, 1),
    row(0x212A, 0x212A, -8383, 1), row(0x212B, 0x212B, -8262, 1), row(0x2132, 0x2132, 28, 1),
    row(0x2160, 0x216F, 16, 1), row(0x2183, 0x2183, 1, 1), row(0x24B6, 0x24CF, 26, 1),
    row(0x2C00, 0x2C2F, 48, 1), row(0x2C60, 0x2C60, 1, 1), row(0x2C62, 0x2C62, -10743, 1),
    row(0x2C63, 0x2C63, -3814, 1), row(0x2C64, 0x2C64, -10727, 1), row(0x2C67, 0x2C6B, 1, 2),
    row(0x2C6D, 0x2C6D, -10780, 1), row(0x2C6E, 0x2C6E, -10749, 1), row(0x2C6F, 0x2C6F, -10783, 1),
    row(0x2C70, 0x2C70, -10782, 1), row(0x2C72, 0x2C72, 1, 1), row(0x2C75, 0x2C75, 1, 1),
    row(0x2C7E, 0x2C7F, -10815, 1), row(0x2C80, 0x2CE2, 1, 2), row(0x2CEB, 0x2CED, 1, 2),
    row(0x2CF2, 0x2CF2, 1, 1), row(0xA640, 0xA66C, 1, 2), row(0xA680, 0xA69A, 1, 2),
    row(0xA722, 0xA72E, 1, 2), row(0xA732, 0xA76E, 1, 2), row(0xA779, 0xA77B, 1, 2),
    row(0xA77D, 0xA77D, -35332, 1), row(0xA77E, 0xA786, 1, 2), row(0xA78B, 0xA78B, 1, 1),
    row(0xA78D, 0xA78D, -42280, 1), row(0xA790, 0xA792, 1, 2), row(0xA796, 0xA7A8, 1, 2),
    row(0xA7AA, 0xA7AA, -42308, 1), row(0xA7AB, 0xA7AB, -42319, 1), row(0xA7AC, 0xA7AC, -42315, 1),
    row(0xA7AD, 0xA7AD, -42305, 1), row(0xA7AE, 0xA7AE, -42308, 1), row(0xA7B0, 0xA7B0, -42258, 1),
    row(0xA7B1, 0xA7B1, -42282, 1), row(0xA7B2, 0xA7B2, -42261, 1), row(0xA7B3, 0xA7B3, 928, 1),
    row(0xA7B4, 0xA7C2, 1, 2), row(0xA7C4, 0xA7C4, -48, 1), row(0xA7C5, 0xA7C5, -42307, 1),
    row(0xA7C6, 0xA7C6, -35384, 1), row(0xA7C7, 0xA7C9, 1, 2), row(0xA7D0, 0xA7D0, 1, 1),
    row(0xA7D6, 0xA7D8, 1, 2), row(0xA7F5, 0xA7F5, 1, 1), row(0xAB70, 0xABBF, -38864, 1),
    row(0xFF21, 0xFF3A, 32, 1), row(0x10400, 0x10427, 40, 1), row(0x104B0, 0x104D3, 40, 1),
    row(0x10570, 0x1057A, 39, 1), row(0x1057C, 0x1058A, 39, 1), row(0x1058C, 0x10592, 39, 1),
    row(0x10594, 0x10595, 39, 1), row(0x10C80, 0x10CB2, 64, 1), row(0x118A0, 0x118BF, 32, 1),
    row(0x16E40, 0x16E5F, 32, 1), row(0x1E900, 0x1E921, 34, 1),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folded_texts() {
        for (text, folded) in [
            ("", ""),
            ("Shanghai 2026", "shanghai 2026"),
            ("\u{c4}PFEL, \u{c9}T\u{c9}, \u{d8}L", "\u{e4}pfel, \u{e9}t\u{e9}, \u{f8}l"),
            // Capital sharp s folds to the small one, which is not `ss`.
            ("STRA\u{1e9e}E", "stra\u{df}e"),
            ("STRASSE", "strasse"),
            // Capital I with dot; small dotless i.
            ("\u{130}stanbul", "istanbul"),
            ("D\u{131}yarbak\u{131}r", "d\u{131}yarbak\u{131}r"),
            // Greek: all three sigmas are one.
            ("\u{39f}\u{394}\u{39f}\u{3a3}", "\u{3bf}\u{3b4}\u{3bf}\u{3c3}"),
            ("\u{3bf}\u{3b4}\u{3bf}\u{3c2}", "\u{3bf}\u{3b4}\u{3bf}\u{3c3}"),
            ("\u{1f88}", "\u{1f80}"),
            (
                "\u{41c}\u{41e}\u{421}\u{41a}\u{412}\u{410} \u{401}",
                "\u{43c}\u{43e}\u{441}\u{43a}\u{432}\u{430} \u{451}",
            ),
            ("\u{53a}", "\u{56a}"),
            ("\u{10a0}\u{1c90}", "\u{2d00}\u{10d0}"),
            // Full width stays full width, a Roman numeral a numeral, a circled letter circled.
            ("\u{ff21}\u{ff3a}", "\u{ff41}\u{ff5a}"),
            ("\u{216b}", "\u{217b}"),
            ("\u{24b6}", "\u{24d0}"),
            ("\u{10400}", "\u{10428}"),
            ("\u{212a} \u{212b} \u{17f} \u{b5}", "k \u{e5} s \u{3bc}"),
            ("\u{1c4}\u{1c5}\u{1c6}", "\u{1c6}\u{1c6}\u{1c6}"),
            // Nothing to fold: Han, ligatures, combining marks, the ends of planes.
            (
                "\u{4e0a}\u{6d77}\u{fb01}a\u{308}\u{fffd}\u{10ffff}",
                "\u{4e0a}\u{6d77}\u{fb01}a\u{308}\u{fffd}\u{10ffff}",
            ),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_closed() {
        assert!(TABLE.is_sorted_by(|left, right| left.last < right.first));
        let mut count = 0;
        for code in 0..=u32::from(char::MAX) {
            let Some(character) = char::from_u32(code) else { continue };
            let folded = fold_char(character);
            assert_eq!(fold_char(folded), folded, "{code:04x}");
            count += u32::from(folded != character);
        }
        assert_eq!(count, COUNT);
        for row in &TABLE {
            assert!(row.first <= row.last && (row.last - row.first).is_multiple_of(row.step));
        }
    }

    /// Characters the table changes.
    const COUNT: u32 = 1455;

    #[test]
    fn parts_are_found_whatever_the_case() {
        assert!(fold_contains("Muster GmbH", "gmbh"));
        assert!(fold_contains("\u{130}STANBUL \u{c7}ar\u{15f}\u{131}", "istanbul \u{e7}ar\u{15e}\u{131}"));
        assert!(!fold_contains("abc", "abd"));
        assert!(fold_starts_with("\u{c4}pfel", "\u{e4}P"));
        assert!(!fold_starts_with("ab", "abc"));
        assert!(!fold_starts_with("", "a"));
        assert!(fold_ends_with("Muster GmbH", "MBH"));
        assert!(!fold_ends_with("bc", "abc"));
        for text in ["", "a"] {
            assert!(fold_contains(text, "") && fold_starts_with(text, "") && fold_ends_with(text, ""));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_helpers_are_searches_in_folded_text(text in "[aA\u{c4}\u{e4}\u{df}\u{1e9e}\u{130}i]{0,6}",
            part in "[aA\u{c4}\u{e4}\u{df}\u{1e9e}\u{130}i]{0,3}") {
            let (folded, wanted) = (fold(&text), fold(&part));
            prop_assert_eq!(fold_contains(&text, &part), folded.contains(&wanted));
            prop_assert_eq!(fold_starts_with(&text, &part), folded.starts_with(&wanted));
            prop_assert_eq!(fold_ends_with(&text, &part), folded.ends_with(&wanted));
        }

        #[test]
        fn any_text_folds_once(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(text.chars().count(), folded.chars().count());
            prop_assert_eq!(fold(&folded), folded);
        }
    }
}
