/* The engine in a program that has an SQLite of its own: each keeps to itself. */

#include "check.h"

#include <sqlite3.h>

int main(int count, char **arguments)
{
    crm_database database;
    crm_session session;
    sqlite3 *own;
    if (count != 2) return 2;
    CHECK(strcmp(sqlite3_libversion(), SQLITE_VERSION) == 0); /* the program's, not the engine's */
    CHECK(sqlite3_open(":memory:", &own) == SQLITE_OK);
    CHECK(sqlite3_exec(own, "CREATE TABLE t(a); INSERT INTO t VALUES (1)", NULL, NULL, NULL) == SQLITE_OK);
    CHECK(crm_open(arguments[1], strlen(arguments[1]), &database, NULL) == CRM_CLASS_OK);
    CHECK(crm_session_open(database, set_up(database), NULL, 0, &session, NULL) == CRM_CLASS_OK);
    add_department(session, "EAST");
    CHECK(sqlite3_exec(own, "INSERT INTO t SELECT a + 1 FROM t", NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_changes(own) == 1);
    CHECK(departments(session) == 2);
    CHECK(sqlite3_close(own) == SQLITE_OK);
    add_department(session, "WEST");
    CHECK(departments(session) == 3);
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
    return failures == 0 ? 0 : 1;
}
