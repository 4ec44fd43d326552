/**
 * The XML face of a payload: documents as tapes over their own bytes, a strict parser, a builder,
 * XPath and edits. Nothing here resolves or opens anything outside of the document.
 */
@org.jspecify.annotations.NullMarked
package tollgate.core.message.xml;
