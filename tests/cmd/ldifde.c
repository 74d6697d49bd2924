/* Stands in for ldifde under Wine: notes its arguments in CALLS, and fails for the file whose name holds FAIL_ON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
  const char *fails = getenv("FAIL_ON");
  FILE *calls = fopen(getenv("CALLS"), "a");
  int code = 0;
  if (!calls) return 1;
  for (int i = 1; i < count; i++) {
    fprintf(calls, "%s%s", i > 1 ? " " : "", arguments[i]);
    if (fails && strstr(arguments[i], fails)) code = 5;
  }
  fprintf(calls, "\n");
  return fclose(calls) || code;
}
