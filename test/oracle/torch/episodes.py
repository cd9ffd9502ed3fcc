"""Meta-gradients of small episodes by PyTorch in float64: a second implementation, which shares nothing with metaplast.

    /usr/bin/python3 test/oracle/torch/episodes.py > test/oracle/torch/episodes.json

writes episodes as `episodeMetaGradient` reads them, drawn anew where a minimum is flat or a kink lies near, each with

- `maml`, `firstOrderMaml`, `reptile` by number of steps: by autograd through the inner steps; the held-out gradient; the way gone;
- `imaml`: lambda (H + lambda I)^-1 times the held-out gradient at the minimum that Newton's method polishes, with the full Hessian by autograd.

Says on stderr how far `maml` is from central differences of the held-out loss, Richardson's extrapolation of two.
"""
import json
import sys

import torch

from meta_gradients import FLAT, LEAST_CURVATURE, Model, conv, dense, gradient, minimum, norm, pool, rounded

STEPS = [1, 3]
LEAST_MARGIN = 2e-4  # from kinks: float32 is wrong by some 1e-6
# As `minimum` descends before Newton's method takes over.
INNER = dict(optimizer="sgd", learningRate=0.02, momentum=0.8, nesterov=True, steps=3000, tolerance=1e-5)
TANH, RELU = dict(type="tanh"), dict(type="relu")

# name, shape of an image (None: vectors of so many numbers), layers, loss, support and query samples, learning rate, lambda, learning
EPISODES = [
    ("stride and padding, 3 ways, no batch norm", [1, 6, 5],
     [conv(1, 2, 3, stride=2, padding=1, activation="tanh"), FLAT, dense(18, 3)], "cross-entropy", 3, 6, 0.4, 1.0, None),
    ("batch norm behind convolution and dense, mse", [2, 4, 6],
     [conv(2, 2, 2, stride=2), norm(2, activation="tanh"), FLAT, dense(12, 3), norm(3, activation="tanh"), dense(3, 2)],
     "mse", 6, 5, 0.1, 2.0, None),
    ("two blocks as those for characters, 5 ways", [1, 6, 6],
     [conv(1, 2, 3, padding=1), norm(2), RELU, pool(2), conv(2, 3, 3, padding=1), norm(3), RELU, pool(3), FLAT, dense(3, 5)],
     "cross-entropy", 5, 5, 0.1, 5.0, None),
    ("overlapping pools, relu, mse", [1, 6, 6],
     [conv(1, 2, 3), pool(3, stride=1, activation="tanh"), conv(2, 3, 1, activation="relu"), FLAT, dense(12, 2)], "mse", 4, 5, 0.1, 5.0, None),
    ("a pool before anything, batch norm behind dense alone, 4 ways", [1, 7, 6],
     [pool(2, stride=1), FLAT, dense(30, 4), norm(4), TANH, dense(4, 4)], "cross-entropy", 8, 4, 0.4, 2.0, None),
    ("vectors, mse", None, [dense(3, 5, activation="tanh"), dense(5, 2)], "mse", 4, 6, 0.05, 1.0, None),
    ("learning by modulation", [2, 5, 5],
     [conv(2, 2, 3, stride=2, padding=1), norm(2), TANH, FLAT, dense(18, 3)], "cross-entropy", 6, 9, 0.4, 1.0, "modulation"),
    ("a pull of its own on each parameter", [1, 5, 4],
     [conv(1, 2, 2), norm(2), TANH, FLAT, dense(24, 2)], "cross-entropy", 4, 4, 0.4, None, None),
]


def unrolled(support, omega, rate, steps):
    """phi_0 to phi_steps, each a function of omega."""
    course = [omega]
    for _ in range(steps):
        phi = course[-1]
        slope = torch.autograd.grad(support(phi), phi, create_graph=True)[0]
        course.append(phi - rate * slope)
    return course


def difference(support, query, omega, rate, steps, h=1e-3):
    """d L(query)(phi_K) / d omega by central differences of steps h and h / 2, extrapolated to 0."""

    def loss(at):
        return query(unrolled(support, at.requires_grad_(), rate, steps)[-1]).item()

    def central(width):
        found = torch.zeros_like(omega)
        for i in range(len(omega)):
            moved = [omega.detach().clone() for _ in range(2)]
            moved[0][i] += width
            moved[1][i] -= width
            found[i] = (loss(moved[0]) - loss(moved[1])) / (2 * width)
        return found

    return (4 * central(h / 2) - central(h)) / 3


def draw(episode, seed):
    """An episode with its gradients, or why it is none."""
    name, shape, layers, loss, supported, queried, rate, pull, learning = episode
    torch.manual_seed(seed)
    model = Model(layers, loss, learning)
    classes = layers[model.last]["outputs"]
    size = shape if shape is not None else [layers[0]["inputs"]]

    def batch(samples):
        x = rounded(torch.randn(samples, *size))
        y = torch.arange(samples) % classes if loss == "cross-entropy" else rounded(torch.randn(samples, classes))
        return x, y

    support_set, query_set = batch(supported), batch(queried)
    omega, theta = rounded(0.6 * torch.randn(model.fast)), rounded(0.5 * torch.randn(model.meta))
    lam = torch.full_like(omega, pull) if pull is not None else rounded(0.5 + torch.rand(model.fast))

    def support(phi):
        return model.of_data(support_set, phi, theta)

    def query(phi):
        return model.of_data(query_set, phi, theta)

    def margin(phi, sets):
        margins = []
        with torch.no_grad():
            for x, _ in sets:
                model.outputs(x, phi, theta, margins)
        return min(margins, default=1.0)

    start = omega.clone().requires_grad_()
    course = unrolled(support, start, rate, max(STEPS))
    on_way = min(margin(phi, [support_set, query_set]) for phi in course)
    if on_way < LEAST_MARGIN:
        return f"margin {on_way:.1e} on the way"
    found = dict(maml={}, firstOrderMaml={}, reptile={})
    for steps in STEPS:
        end = course[steps]
        found["maml"][steps] = torch.autograd.grad(query(end), start, retain_graph=True)[0].tolist()
        found["firstOrderMaml"][steps] = gradient(query, end).tolist()
        found["reptile"][steps] = (omega - end).tolist()

    def inner(phi):
        return support(phi) + (lam * (phi - omega) ** 2).sum() / 2

    at = minimum(inner, omega)
    if at is None or margin(at, [support_set, query_set]) < LEAST_MARGIN:
        return "no minimum" if at is None else "margin at the minimum"
    hessian = torch.autograd.functional.hessian(inner, at)
    if torch.linalg.eigvalsh(hessian)[0] < LEAST_CURVATURE:
        return "flat"
    found["imaml"] = (lam * torch.linalg.solve(hessian, gradient(query, at))).tolist()

    exact = torch.tensor(found["maml"][max(STEPS)])
    apart = difference(support, query, omega, rate, max(STEPS)) - exact
    print(f"{name}: differences are {(apart.norm() / exact.norm()).item():.1e} from maml", file=sys.stderr)

    def samples(batch):
        x, y = batch
        return dict(x=x.flatten(1).tolist(), y=y.tolist())

    return dict(
        name=name,
        episode=dict(
            model=dict(**({} if shape is None else dict(inputShape=shape)), layers=layers),
            **({} if learning is None else dict(learning=learning, theta=theta.tolist())),
            loss=loss, support=samples(support_set), query=samples(query_set), omega=omega.tolist(),
            inner=dict(learningRate=rate, steps=STEPS),
            imaml={"lambda": pull if pull is not None else lam.tolist(), "inner": INNER},
        ),
        gradients=found,
    )


def main():
    found = []
    for episode in EPISODES:
        for seed in range(3000):
            drawn = draw(episode, seed)
            print(f"{episode[0]}, seed {seed}: {drawn if isinstance(drawn, str) else 'taken'}", file=sys.stderr)
            if not isinstance(drawn, str):
                found.append(drawn)
                break
        else:
            raise SystemExit(f"no minimum away from kinks: {episode[0]}")
    made = f"PyTorch {torch.__version__} in float64, by test/oracle/torch/episodes.py"
    print(json.dumps(dict(made=made, episodes=found)))


if __name__ == "__main__":
    main()
