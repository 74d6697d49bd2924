// java -cp unboundid-ldapsdk.jar UnboundId.java IN OUT : the address of each user out of mail, as change records, with the UnboundID LDAP SDK.

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldif.LDIFModifyChangeRecord;
import com.unboundid.ldif.LDIFReader;
import com.unboundid.ldif.LDIFWriter;
import java.io.FileInputStream;
import java.io.FileOutputStream;

public class UnboundId {
  public static void main(String[] files) throws Exception {
    try (LDIFReader in = new LDIFReader(new FileInputStream(files[0]));
        LDIFWriter out = new LDIFWriter(new FileOutputStream(files[1]))) {
      for (Entry entry; (entry = in.readEntry()) != null; ) {
        String mail = entry.getAttributeValue("mail");
        if (mail == null || !entry.hasAttributeValue("objectClass", "user")) continue;
        out.writeLDIFRecord(new LDIFModifyChangeRecord(entry.getDN(),
            new Modification(ModificationType.ADD, "msRTCSIP-UserEnabled", "TRUE"),
            new Modification(ModificationType.ADD, "msRTCSIP-PrimaryUserAddress", "sip:" + mail)));
      }
    }
  }
}
