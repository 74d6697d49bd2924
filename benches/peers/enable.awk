# mawk -f enable.awk IN > OUT : the address of each user out of mail, as change records. No base64, no folds, no checks.
BEGIN { RS = "\r?\n\r?\n"; FS = "\r?\n" }
{
  dn = mail = ""
  for (i = 1; i <= NF; i++) {
    if (substr($i, 1, 3) == "dn:") dn = $i
    else if (substr($i, 1, 6) == "mail: ") mail = substr($i, 7)
  }
  if (mail != "")
    printf "%s\nchangetype: modify\nadd: msRTCSIP-UserEnabled\nmsRTCSIP-UserEnabled: TRUE\n-\nadd: msRTCSIP-PrimaryUserAddress\nmsRTCSIP-PrimaryUserAddress: sip:%s\n-\n\n", dn, mail
}
