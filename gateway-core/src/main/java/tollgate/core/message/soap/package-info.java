/** SOAP 1.1 and 1.2 as seen by a gateway: envelopes, headers, actions and faults. */
@org.jspecify.annotations.NullMarked
package tollgate.core.message.soap;
