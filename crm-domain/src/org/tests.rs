//! Rows for the tree of departments.

use super::rules::below;

#[test]
fn a_tree_is_the_department_and_all_below_it() {
    // perm-03: HQ(1) has East(2) and West(3), SH(4) is in East, CD(5) in West.
    let departments = [(1, 0), (2, 1), (3, 1), (4, 2), (5, 3)];
    assert_eq!(below(&departments, 2), [2, 4]);
    assert_eq!(below(&departments, 1), [1, 2, 3, 4, 5]);
    assert_eq!(below(&departments, 5), [5]);
    // A cycle that some damage made still ends.
    assert_eq!(below(&[(1, 2), (2, 1)], 1), [1, 2]);
}
