// The header as C++17 reads it.

#include "crm.h"

#include <cstring>

int main()
{
    crm_database database = 0;
    crm_session session = 0;
    crm_error error{};
    crm_buffer answer{};
    if (crm_open_memory(&database, &error) != CRM_CLASS_OK) return 1;
    if (crm_session_open(database, 0, "en", 2, &session, &error) != CRM_CLASS_OK) return 2;
    const char *operation = "system.info";
    if (crm_call(session, operation, std::strlen(operation), nullptr, 0, &answer, &error) != CRM_CLASS_OK) return 3;
    const bool told = std::strstr(answer.data, "\"version\"") != nullptr;
    crm_buffer_free(&answer);
    return told && crm_close(database, &error) == CRM_CLASS_OK ? 0 : 4;
}
