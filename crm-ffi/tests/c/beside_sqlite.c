/* The engine in a program that has an SQLite of its own: each keeps to itself. And beside a program that writes to its file. */

#include "check.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

/* Another program that writes to a file. SQLite's locks are a process's: two copies of it in one do not keep each other out. */
typedef struct {
    pid_t process;
    int end; /* closed, it stops */
} writer;

static int exec(sqlite3 *database, const char *sql)
{
    return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static writer start_writing(const char *path)
{
    int begun[2], end[2];
    char told = 0;
    CHECK(pipe(begun) == 0 && pipe(end) == 0);
    const pid_t process = fork();
    if (process == 0) {
        sqlite3 *database;
        close(end[1]);
        const int holds = sqlite3_open(path, &database) == SQLITE_OK && exec(database, "BEGIN IMMEDIATE");
        const int said = write(begun[1], "!", 1) == 1;
        while (read(end[0], &told, 1) > 0) { }
        const int let_go = exec(database, "ROLLBACK") && sqlite3_close(database) == SQLITE_OK;
        _exit(holds && said && let_go ? 0 : 1);
    }
    CHECK(process > 0 && read(begun[0], &told, 1) == 1);
    close(begun[0]);
    close(begun[1]);
    close(end[0]);
    return (writer){process, end[1]};
}

static int stop_writing(writer writer)
{
    int status = 1;
    close(writer.end);
    return waitpid(writer.process, &status, 0) == writer.process && status == 0;
}

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

    /* While another program writes to the file, the engine waits for a while and then says so. */
    const char *create = "{\"kind\":\"department\",\"values\":{\"code\":\"NORTH\",\"name\":\"North\"}}";
    crm_error error;
    writer other = start_writing(arguments[1]);
    CHECK(call(session, "record.create", create, NULL, &error) == CRM_CLASS_BUSY);
    CHECK(error.code.data != NULL && strcmp(error.code.data, "store.busy") == 0);
    CHECK(error.json.data != NULL && strstr(error.json.data, "\"retryable\":true") != NULL);
    crm_error_free(&error);
    CHECK(stop_writing(other));
    CHECK(call(session, "record.create", create, NULL, NULL) == CRM_CLASS_OK);
    CHECK(departments(session) == 4);
    CHECK(crm_close(database, NULL) == CRM_CLASS_OK);
    return failures == 0 ? 0 : 1;
}
