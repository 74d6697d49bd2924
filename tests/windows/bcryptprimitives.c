/* bcryptprimitives.dll for Wine 8, which has none: the one function that Rust's standard library takes from it. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE octets, SIZE_T length) {
  const SIZE_T most = 1 << 20;
  for (SIZE_T at = 0; at < length; at += most)
    if (!RtlGenRandom(octets + at, (ULONG)(length - at < most ? length - at : most))) return FALSE;
  return TRUE;
}
