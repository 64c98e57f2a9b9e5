// A limit for tests that hang, not a performance goal: cdktf alone takes seconds to start.
jest.setTimeout(900_000);
