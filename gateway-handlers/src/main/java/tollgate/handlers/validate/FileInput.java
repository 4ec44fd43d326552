package tollgate.handlers.validate;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.ls.LSInput;

/** Bytes of a schema file, as the JDK's validator asks for them. One thread. */
final class FileInput implements LSInput {
  private final String systemId;
  private final byte[] bytes;

  FileInput(String systemId, byte[] bytes) {
    this.systemId = systemId;
    this.bytes = bytes;
  }

  @Override
  public InputStream getByteStream() {
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public String getSystemId() {
    return systemId;
  }

  @Override
  public @Nullable Reader getCharacterStream() {
    return null;
  }

  @Override
  public @Nullable String getStringData() {
    return null;
  }

  @Override
  public @Nullable String getPublicId() {
    return null;
  }

  @Override
  public @Nullable String getBaseURI() {
    return null;
  }

  @Override
  public @Nullable String getEncoding() {
    return null;
  }

  @Override
  public boolean getCertifiedText() {
    return false;
  }

  @Override
  public void setCharacterStream(Reader stream) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setByteStream(InputStream stream) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setStringData(String data) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setSystemId(String id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setPublicId(String id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setBaseURI(String base) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setEncoding(String encoding) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setCertifiedText(boolean certified) {
    throw new UnsupportedOperationException();
  }
}
