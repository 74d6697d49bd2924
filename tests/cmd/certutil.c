/* Stands in for `certutil -hashfile FILE SHA256` under Wine, which has none: SPACED writes the hash as Windows 7 does. */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

int main(int count, char **arguments) {
  HCRYPTPROV provider;
  HCRYPTHASH hash;
  BYTE buffer[4096], digest[32];
  DWORD length = sizeof digest;
  FILE *file = count == 4 ? fopen(arguments[2], "rb") : NULL;
  if (!file) return 2;
  if (!CryptAcquireContextA(&provider, NULL, NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT)) return 3;
  if (!CryptCreateHash(provider, CALG_SHA_256, 0, 0, &hash)) return 3;
  for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;) {
    if (!CryptHashData(hash, buffer, got, 0)) return 3;
  }
  if (!CryptGetHashParam(hash, HP_HASHVAL, digest, &length, 0)) return 3;
  printf("SHA256 hash of %s:\n", arguments[2]);
  for (DWORD i = 0; i < length; i++) printf(i && getenv("SPACED") ? " %02x" : "%02x", digest[i]);
  printf("\nCertUtil: -hashfile command completed successfully.\n");
  return 0;
}
