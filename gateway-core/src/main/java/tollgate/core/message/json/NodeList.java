package tollgate.core.message.json;

import java.util.Arrays;

/** Nodes in their order, a node perhaps several times. One thread. */
final class NodeList {
  private int[] nodes = new int[8];
  private int size;

  void add(int node) {
    if (size == nodes.length) {
      nodes = Arrays.copyOf(nodes, size * 2);
    }
    nodes[size++] = node;
  }

  int size() {
    return size;
  }

  int get(int index) {
    return nodes[index];
  }

  int[] toArray() {
    return Arrays.copyOf(nodes, size);
  }
}
