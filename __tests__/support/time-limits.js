// A limit that ends what hangs, and no measure: cdktf alone takes seconds to start.
jest.setTimeout(900_000);
