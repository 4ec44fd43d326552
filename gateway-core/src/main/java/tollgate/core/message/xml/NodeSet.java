package tollgate.core.message.xml;

import java.util.Arrays;

/** A growing list of nodes that knows whether it is still in document order. One thread. */
final class NodeSet {
  private int[] nodes = new int[8];
  private int size;
  private boolean isOrdered = true;

  void add(int node) {
    if (size == nodes.length) {
      nodes = Arrays.copyOf(nodes, size * 2);
    }
    isOrdered &= size == 0 || nodes[size - 1] < node;
    nodes[size++] = node;
  }

  int size() {
    return size;
  }

  int get(int index) {
    return nodes[index];
  }

  void set(int index, int node) {
    nodes[index] = node;
  }

  void truncate(int newSize) {
    size = newSize;
  }

  void addAll(NodeSet others, int from) {
    for (int i = from; i < others.size; i++) {
      add(others.nodes[i]);
    }
  }

  /** Turns the nodes from {@code from} on around. */
  void reverse(int from) {
    for (int i = from, j = size - 1; i < j; i++, j--) {
      int node = nodes[i];
      nodes[i] = nodes[j];
      nodes[j] = node;
    }
    isOrdered = size - from < 2 && isOrdered;
  }

  /** In document order, each node once. */
  NodeSet ordered() {
    if (!isOrdered) {
      Arrays.sort(nodes, 0, size);
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (i == 0 || nodes[i] != nodes[i - 1]) {
          nodes[kept++] = nodes[i];
        }
      }
      size = kept;
      isOrdered = true;
    }
    return this;
  }

  int[] toArray() {
    return Arrays.copyOf(nodes, size);
  }
}
