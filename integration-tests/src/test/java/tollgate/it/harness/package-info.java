/**
 * What the black-box tests are made of: the packaged gateway as a process, an origin that records
 * every byte it receives and answers as a test tells it, a client that sends bytes as they are, and
 * readers for metrics and certificates. Sockets are plain and blocking; ports are found free.
 */
@NullMarked
package tollgate.it.harness;

import org.jspecify.annotations.NullMarked;
