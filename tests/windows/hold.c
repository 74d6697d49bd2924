/* hold PATH... : opens files that it shares with nobody, and folders as a console does that is in them; says so, and keeps
 * them until its standard input ends. */
#include <stdio.h>
#include <windows.h>

int wmain(int count, wchar_t **paths) {
  for (int i = 1; i < count; i++) {
    DWORD is_folder = GetFileAttributesW(paths[i]) & FILE_ATTRIBUTE_DIRECTORY;
    DWORD share = is_folder ? FILE_SHARE_READ | FILE_SHARE_WRITE : 0;
    HANDLE held = CreateFileW(paths[i], GENERIC_READ, share, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (held == INVALID_HANDLE_VALUE) return 1;
  }
  puts("held");
  fflush(stdout);
  while (getchar() != EOF) continue;
  return 0;
}
