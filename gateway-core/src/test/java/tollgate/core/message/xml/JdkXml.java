package tollgate.core.message.xml;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import javax.xml.XMLConstants;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.dom.DOMCryptoContext;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.TransformService;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMResult;
import javax.xml.transform.sax.SAXTransformerFactory;
import javax.xml.transform.sax.TransformerHandler;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/** What the JDK's parser and canonicalizer say: written by others than our parser. */
final class JdkXml {
  /** The canonicalizer asks it whether to validate securely: it may. */
  private static final class NoContext extends DOMCryptoContext {}

  private JdkXml() {}

  /** Exclusive XML Canonicalization 1.0, comments kept. */
  static String canonical(byte[] document) {
    try {
      TransformService service =
          TransformService.getInstance(CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS, "DOM");
      service.init((TransformParameterSpec) null);
      OctetStreamData made =
          (OctetStreamData)
              service.transform(
                  new OctetStreamData(new ByteArrayInputStream(document)), new NoContext());
      return new String(made.getOctetStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (Exception e) {
      throw new AssertionError(new String(document, StandardCharsets.UTF_8), e);
    }
  }

  static Document dom(byte[] document) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setCoalescing(true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(new ByteArrayInputStream(document));
    } catch (Exception e) {
      throw new AssertionError(new String(document, StandardCharsets.UTF_8), e);
    }
  }

  /** A DOM of what the document emits. */
  static Document emitted(XmlDocument document) {
    try {
      TransformerHandler handler =
          ((SAXTransformerFactory) TransformerFactory.newInstance()).newTransformerHandler();
      DOMResult result = new DOMResult();
      handler.setResult(result);
      document.emit(handler);
      return (Document) result.getNode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Whether the JDK's parser takes it, DOCTYPEs refused. */
  static boolean accepts(byte[] document) {
    try (InputStream in = new ByteArrayInputStream(document)) {
      SAXParserFactory factory = SAXParserFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      XMLReader reader = factory.newSAXParser().getXMLReader();
      reader.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
      reader.setErrorHandler(new DefaultHandler());
      reader.parse(new InputSource(in));
      return true;
    } catch (SAXException | java.io.IOException e) {
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
